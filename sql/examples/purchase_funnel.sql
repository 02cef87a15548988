-- How far do customers of the last 30 days get from search to purchase within 24 hours? Only users in journeys with a "Send Webhook"
-- step are counted: Netcore sends no others. Activities carry whole seconds, so steps of the same second count in step order.
WITH reached AS
(
    SELECT
        business,
        customer_key,
        windowFunnel(86400000)(at, step = 'product_search', step = 'add_to_cart', step = 'checkout', step = 'purchase') AS level
    FROM
    (
        SELECT
            business, customer_key, step,
            toUInt64(toUnixTimestamp64Milli(occurred_at)) + indexOf(['product_search', 'add_to_cart', 'checkout', 'purchase'], step) AS at
        FROM analytics.activities
        WHERE occurred_at >= now() - INTERVAL 30 DAY
    )
    GROUP BY business, customer_key
)
SELECT
    business,
    countIf(level >= 1) AS searched,
    countIf(level >= 2) AS added_to_cart,
    countIf(level >= 3) AS checked_out,
    countIf(level >= 4) AS purchased,
    purchased / nullIf(searched, 0) AS overall_conversion
FROM reached
GROUP BY business
ORDER BY business;
