-- Mean time from creation to completion, by week of creation
-- tab: referrals
-- chart: line
-- x: week
-- y: mean_hours_to_convert
-- unit: hours
SELECT toMonday(r.cohort_day) AS week, round(sum(r.mean_hours_to_convert * r.completed) / sumIf(r.completed, r.mean_hours_to_convert IS NOT NULL), 1) AS mean_hours_to_convert
FROM analytics.referral_conversion AS r
WHERE r.business = {business:String} AND r.cohort_day BETWEEN {from:Date} AND {to:Date} AND r.completed > 0
GROUP BY week
ORDER BY week
