-- How many coins did customers earn and spend each day, and what share of the issued is that?
-- A redemption rate by day compares coins of different days: over a month it settles, see redemption_by_issue_cohort.sql for the exact one.
SELECT
    business,
    day,
    coins_issued,
    coins_redeemed,
    net_coins,
    customers_earning,
    customers_redeeming,
    redemption_rate
FROM analytics.coin_daily
ORDER BY business, day;
