-- Who brings the most customers, and what were they rewarded with?
SELECT
    r.business AS business,
    c.customer_key AS referrer,
    count() AS created,
    count(r.completed_at) AS completed,
    sum(r.order_amount) AS referral_revenue,
    sum(r.reward_coins) AS reward_coins
FROM analytics.referrals AS r
LEFT JOIN analytics.customers AS c ON c.business = r.business AND c.lead_id = r.referred_by_lead_id
GROUP BY business, referrer
ORDER BY completed DESC, created DESC
LIMIT 20;
