-- What share of referrals completes, by week of creation and mode, and how long does it take?
SELECT
    business,
    toStartOfWeek(created_at) AS week,
    referral_mode,
    count() AS created,
    count(completed_at) AS completed,
    completed / created AS conversion_rate,
    quantileExact(0.5)(hours_to_convert) AS median_hours_to_convert,
    sum(order_amount) AS referral_revenue
FROM analytics.referrals
GROUP BY business, week, referral_mode
ORDER BY business, week, referral_mode;
