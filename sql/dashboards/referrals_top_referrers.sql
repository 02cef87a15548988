-- Members who referred most
-- tab: referrals
-- chart: table
-- y: lead_id, created, completed, conversion_rate, referral_revenue, reward_coins
-- note: The first 20, over all time.
SELECT
    r.lead_id AS lead_id,
    r.created AS created,
    r.completed AS completed,
    r.conversion_rate AS conversion_rate,
    round(toFloat64(r.referral_revenue), 2) AS referral_revenue,
    round(toFloat64(r.reward_coins), 2) AS reward_coins
FROM analytics.referrers AS r
WHERE r.business = {business:String}
ORDER BY completed DESC, created DESC, lead_id
LIMIT 20
