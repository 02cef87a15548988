-- Who holds coins and has not ordered for two weeks, and what are those coins worth?
-- Members who never ordered are among them. Looked up in contacts.customers, as user crm, they are a win-back campaign.
SELECT
    b.business AS business,
    b.customer_key AS customer_key,
    b.balance AS coins,
    b.balance * l.coin_value AS worth,
    l.currency AS currency,
    o.last_order_at AS last_order_at
FROM analytics.coin_balances AS b
INNER JOIN analytics.coin_liability AS l ON l.business = b.business
LEFT JOIN
(
    SELECT business, customer_key, toNullable(max(created_at)) AS last_order_at
    FROM analytics.orders
    GROUP BY business, customer_key
) AS o ON o.business = b.business AND o.customer_key = b.customer_key
WHERE b.balance > 0 AND (o.last_order_at IS NULL OR o.last_order_at < now() - INTERVAL 14 DAY)
ORDER BY coins DESC
LIMIT 100;
