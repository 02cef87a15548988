-- What share of the coins will never be spent, and what share went without a word?
-- Two figures that are often mixed up. expected_breakage_rate is 1 - redemption rate and holds coins that may still be spent.
-- unannounced_rate is the nearest to "expired / issued" that can be known: no webhook tells of an expiry, it shows as a gap in the balance.
SELECT
    business,
    sum(lifetime_issued) AS issued,
    sum(lifetime_redeemed) AS redeemed,
    sum(balance) AS outstanding,
    sumIf(ledger_gap, ledger_gap > 0) AS unannounced,
    1 - toFloat64(redeemed) / nullIf(toFloat64(issued), 0) AS expected_breakage_rate,
    toFloat64(unannounced) / nullIf(toFloat64(issued), 0) AS unannounced_rate
FROM analytics.coin_balances
GROUP BY business
ORDER BY business;
