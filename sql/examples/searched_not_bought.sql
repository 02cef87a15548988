-- Who searched for a product and did not buy within 30 minutes?
-- The call centre looks the keys up in contacts.customers, as user crm; anonymous visitors are not there. Searches of the last 30 minutes
-- are left out, as their time is not over. Only users in journeys with a "Send Webhook" step.
SELECT
    s.business AS business,
    s.customer_key AS customer_key,
    max(s.occurred_at) AS last_searched_at
FROM analytics.activities AS s
LEFT JOIN
(
    SELECT business, customer_key, groupArray(occurred_at) AS purchases
    FROM analytics.activities
    WHERE step = 'purchase'
    GROUP BY business, customer_key
) AS p ON p.business = s.business AND p.customer_key = s.customer_key
WHERE s.step = 'product_search'
    AND s.customer_key NOT LIKE 'visitor:%'
    AND s.occurred_at < now() - INTERVAL 30 MINUTE
    AND NOT arrayExists(at -> at >= s.occurred_at AND at <= s.occurred_at + INTERVAL 30 MINUTE, p.purchases)
GROUP BY business, customer_key
ORDER BY last_searched_at DESC
LIMIT 100;
