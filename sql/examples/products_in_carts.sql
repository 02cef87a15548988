-- Which products are looked at, put into carts and bought?
-- Counted in customers, so that one who looks at a product ten times counts once. Only users in journeys with a "Send Webhook" step.
SELECT
    business,
    prid,
    currency,
    any(name) AS product,
    uniqExactIf(customer_key, step = 'page_browse') AS looked,
    uniqExactIf(customer_key, step = 'add_to_cart') AS added_to_cart,
    uniqExactIf(customer_key, step = 'purchase') AS bought,
    bought / nullIf(added_to_cart, 0) AS bought_per_cart,
    sumIf(price * prqt, step = 'purchase') AS revenue
FROM analytics.activity_items
GROUP BY business, prid, currency
ORDER BY revenue DESC
LIMIT 20;
