-- Referrals created in the period
-- tab: referrals
-- chart: number
-- y: referrals_created, referrals_completed, conversion_rate
-- unit: referrals, referrals, percent
SELECT
    sum(created) AS referrals_created,
    sum(completed) AS referrals_completed,
    referrals_completed / nullIf(referrals_created, 0) AS conversion_rate
FROM analytics.referral_conversion
WHERE business = {business:String} AND cohort_day BETWEEN {from:Date} AND {to:Date}
