-- How many go from a page to a cart and from there to a purchase within a week?
-- A funnel that is not in CONFIG_FILE. windowFunnel takes no DateTime64, so the time is given in milliseconds as UInt64. Activities carry
-- whole seconds: the number of the step in milliseconds on top makes steps of one second count in their order. The window begins with the
-- first step. Only users in journeys with a "Send Webhook" step.
WITH reached AS
(
    SELECT
        business,
        customer_key,
        windowFunnel(7 * 86400000)(at, step = 'page_browse', step = 'add_to_cart', step = 'purchase') AS level
    FROM
    (
        SELECT
            business, customer_key, step,
            toUInt64(toUnixTimestamp64Milli(occurred_at)) + indexOf(['page_browse', 'add_to_cart', 'purchase'], step) AS at
        FROM analytics.activities
        WHERE customer_key IS NOT NULL AND step IN ('page_browse', 'add_to_cart', 'purchase')
    )
    GROUP BY business, customer_key
)
SELECT
    business,
    countIf(level >= 1) AS browsed,
    countIf(level >= 2) AS added_to_cart,
    countIf(level >= 3) AS purchased,
    purchased / nullIf(browsed, 0) AS overall_conversion
FROM reached
GROUP BY business
ORDER BY business;
