-- Referrals by the week of their creation
-- tab: referrals
-- chart: bar
-- x: week
-- y: created, nudged, completed
-- unit: referrals
-- note: A week is named after its Monday. Nudged and completed count what has happened by now: recent weeks still grow.
SELECT toMonday(r.cohort_day) AS week, sum(r.created) AS created, sum(r.nudged) AS nudged, sum(r.completed) AS completed, if(created = 0, NULL, completed / created) AS conversion_rate
FROM analytics.referral_conversion AS r
WHERE r.business = {business:String} AND r.cohort_day BETWEEN {from:Date} AND {to:Date}
GROUP BY week
ORDER BY week WITH FILL FROM toMonday({from:Date}) TO {to:Date} + 1 STEP 7
