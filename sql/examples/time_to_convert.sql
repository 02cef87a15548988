-- How long does a referral take to complete, by mode, and is a reminder of use?
-- Of the completed ones only. That reminded ones take longer is no fault of the reminder: the quick ones need none.
SELECT
    business,
    referral_mode,
    nudged_at IS NOT NULL AS reminded,
    count() AS created,
    count(completed_at) AS completed,
    completed / created AS conversion_rate,
    quantileExactInclusiveOrNull(0.5)(hours_to_convert) AS median_hours,
    avgOrNull(hours_to_convert) AS mean_hours,
    quantileExactInclusiveOrNull(0.9)(hours_to_convert) AS hours_of_9_in_10
FROM analytics.referrals
GROUP BY business, referral_mode, reminded
ORDER BY business, referral_mode, reminded;
