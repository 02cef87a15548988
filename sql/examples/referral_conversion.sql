-- What share of referrals completes, by week of creation and mode?
-- Nector's own definition: completed / created. Recent weeks still grow. No webhook tells of a share or a click, so how many were invited
-- and never answered cannot be known.
SELECT
    business,
    toMonday(cohort_day) AS week,
    referral_mode,
    sum(created) AS referrals,
    sum(nudged) AS reminded,
    sum(completed) AS converted,
    converted / referrals AS conversion_rate,
    sum(referral_revenue) AS revenue
FROM analytics.referral_conversion
GROUP BY business, week, referral_mode
ORDER BY business, week, referral_mode;
