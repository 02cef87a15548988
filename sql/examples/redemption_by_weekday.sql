-- On which days of the week are coins spent?
SELECT
    business,
    toDayOfWeek(day) AS weekday,
    formatDateTime(any(day), '%W') AS name,
    sum(coins_redeemed) AS redeemed,
    sum(customers_redeeming) AS redemptions_by_customers,
    toFloat64(redeemed) / nullIf(toFloat64(sum(redeemed) OVER (PARTITION BY business)), 0) AS share
FROM analytics.coin_daily
GROUP BY business, weekday
ORDER BY business, weekday;
