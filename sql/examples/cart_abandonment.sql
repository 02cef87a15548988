-- What share of carts is left, day by day?
-- A cart is a customer who put something into it on a day; it is left where that customer bought nothing within 24 hours of the last thing
-- put in. Carts younger than that are not judged yet. Only users in journeys with a "Send Webhook" step.
WITH
    cart AS
    (
        SELECT business, customer_key, day, max(occurred_at) AS filled_at
        FROM analytics.activities
        WHERE step = 'add_to_cart' AND customer_key IS NOT NULL
        GROUP BY business, customer_key, day
    ),
    purchase AS
    (
        SELECT business, customer_key, groupArray(occurred_at) AS times
        FROM analytics.activities
        WHERE step = 'purchase'
        GROUP BY business, customer_key
    )
SELECT
    c.business AS business,
    c.day AS day,
    count() AS carts,
    countIf(NOT arrayExists(at -> at >= c.filled_at AND at <= c.filled_at + INTERVAL 24 HOUR, p.times)) AS abandoned,
    abandoned / carts AS abandonment_rate
FROM cart AS c
LEFT JOIN purchase AS p ON p.business = c.business AND p.customer_key = c.customer_key
WHERE c.filled_at < now() - INTERVAL 24 HOUR
GROUP BY business, day
ORDER BY business, day;
