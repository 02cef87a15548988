-- How much of each week's revenue comes from new and from returning customers?
-- New is who orders for the first time since webhooks arrive: in the first weeks nearly everybody. Without cancelled and refunded orders.
WITH placed AS
(
    SELECT
        business, day, currency_code, fiat_amount,
        row_number() OVER (PARTITION BY business, customer_key ORDER BY created_at, order_key) AS number
    FROM analytics.orders
    WHERE counts_as_revenue AND customer_key IS NOT NULL
)
SELECT
    business,
    toMonday(day) AS week,
    currency_code AS currency,
    countIf(number = 1) AS new_customers,
    countIf(number > 1) AS orders_of_returning,
    sumIf(fiat_amount, number = 1) AS revenue_of_new,
    sumIf(fiat_amount, number > 1) AS revenue_of_returning,
    toFloat64(revenue_of_returning) / nullIf(toFloat64(sum(fiat_amount)), 0) AS share_of_returning
FROM placed
GROUP BY business, week, currency
ORDER BY business, week, currency;
