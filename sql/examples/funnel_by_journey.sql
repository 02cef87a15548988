-- Which of Netcore's journeys brings customers from search to purchase within 24 hours?
-- A funnel belongs to the journey of its search, whatever journeys the later steps came from. A customer who searched in two journeys is
-- counted in both, and a purchase after both counts for both.
WITH
    walk AS
    (
        SELECT
            business, customer_key, journey_names, step,
            toUInt64(toUnixTimestamp64Milli(occurred_at)) + indexOf(['product_search', 'add_to_cart', 'checkout', 'purchase'], step) AS at
        FROM analytics.activities
        WHERE customer_key IS NOT NULL AND step IN ('product_search', 'add_to_cart', 'checkout', 'purchase')
    ),
    reached AS
    (
        SELECT
            entry.business AS business,
            entry.journey AS journey,
            entry.customer_key AS customer_key,
            windowFunnel(86400000)(w.at, w.step = 'product_search' AND has(w.journey_names, entry.journey), w.step = 'add_to_cart', w.step = 'checkout', w.step = 'purchase') AS level
        FROM (SELECT DISTINCT business, customer_key, arrayJoin(journey_names) AS journey FROM walk WHERE step = 'product_search') AS entry
        INNER JOIN walk AS w ON w.business = entry.business AND w.customer_key = entry.customer_key
        GROUP BY business, journey, customer_key
    )
SELECT
    business,
    journey,
    countIf(level >= 1) AS searched,
    countIf(level >= 2) AS added_to_cart,
    countIf(level >= 3) AS checked_out,
    countIf(level >= 4) AS purchased,
    purchased / nullIf(searched, 0) AS overall_conversion
FROM reached
GROUP BY business, journey
ORDER BY business, overall_conversion DESC, journey;
