-- Which products are put into carts, and which of them are bought?
SELECT
    business,
    prid,
    any(name) AS product,
    countIf(step = 'add_to_cart') AS added_to_cart,
    countIf(step = 'purchase') AS purchased,
    sumIf(price * prqt, step = 'purchase') AS revenue
FROM analytics.activity_items
GROUP BY business, prid
ORDER BY added_to_cart DESC
LIMIT 20;
