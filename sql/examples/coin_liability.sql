-- What will the coins that customers hold cost us, and what would they cost if every one of them were spent?
-- The expected rate is that of all time so far. It is too low for a young programme, whose coins have had little time to be spent.
SELECT
    business,
    outstanding_coins,
    coin_value,
    currency,
    expected_redemption_rate,
    liability AS expected_liability,
    outstanding_coins * coin_value AS highest_liability
FROM analytics.coin_liability
ORDER BY business;
