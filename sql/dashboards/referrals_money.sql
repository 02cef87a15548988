-- What the referrals of the period brought and cost
-- tab: referrals
-- chart: number
-- y: revenue, reward_cost, mean_hours_to_convert
-- unit: currency, currency, hours
-- note: Revenue is the first orders of the friends in the currency of the business; cost is the rewards of both sides.
SELECT
    round(sum(toFloat64(referral_revenue)), 2) AS revenue,
    round(sum(r.reward_cost), 2) AS reward_cost,
    round(sum(r.mean_hours_to_convert * r.completed) / nullIf(sum(r.completed), 0), 1) AS mean_hours_to_convert
FROM analytics.referral_conversion AS r
WHERE business = {business:String} AND cohort_day BETWEEN {from:Date} AND {to:Date}
