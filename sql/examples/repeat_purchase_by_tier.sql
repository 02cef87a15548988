-- How many buyers of each tier bought again, and how soon?
-- The tier is today's. Cancelled and refunded orders are no purchases. Revenue is that of orders in the currency of the business.
WITH buyer AS
(
    SELECT
        business,
        customer_key,
        count() AS purchases,
        sumIf(fiat_amount, currency_code = currency) AS revenue,
        arraySort(groupArray(created_at)) AS times
    FROM analytics.orders
    INNER JOIN analytics.businesses USING (business)
    WHERE counts_as_revenue AND customer_key IS NOT NULL
    GROUP BY business, customer_key
)
SELECT
    b.business AS business,
    ifNull(c.tier, 'none') AS tier,
    count() AS buyers,
    countIf(b.purchases > 1) AS bought_again,
    bought_again / buyers AS repeat_rate,
    quantileExactInclusiveOrNullIf(0.5)(dateDiff('second', b.times[1], b.times[2]) / 86400, b.purchases > 1) AS median_days_to_second,
    sum(b.revenue) / buyers AS revenue_per_buyer
FROM buyer AS b
INNER JOIN analytics.customers AS c ON c.business = b.business AND c.customer_key = b.customer_key
GROUP BY business, tier
ORDER BY business, repeat_rate DESC;
