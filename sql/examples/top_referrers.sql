-- Who brings the most customers, and what were they rewarded with?
SELECT
    r.business AS business,
    c.customer_key AS referrer,
    c.tier AS tier,
    r.created AS created,
    r.completed AS completed,
    r.conversion_rate AS conversion_rate,
    r.referral_revenue AS referral_revenue,
    r.reward_coins AS reward_coins
FROM analytics.referrers AS r
LEFT JOIN analytics.customers AS c ON c.business = r.business AND c.lead_id = r.lead_id
ORDER BY completed DESC, referral_revenue DESC
LIMIT 20;
