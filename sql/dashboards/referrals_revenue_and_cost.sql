-- Revenue of referrals and cost of rewards, by week of creation
-- tab: referrals
-- chart: bar
-- x: week
-- y: referral_revenue, reward_cost
-- unit: currency
SELECT toMonday(r.cohort_day) AS week, round(sum(toFloat64(r.referral_revenue)), 2) AS referral_revenue, round(sum(r.reward_cost), 2) AS reward_cost
FROM analytics.referral_conversion AS r
WHERE r.business = {business:String} AND r.cohort_day BETWEEN {from:Date} AND {to:Date}
GROUP BY week
ORDER BY week WITH FILL FROM toMonday({from:Date}) TO {to:Date} + 1 STEP 7
