-- What members hold now, and what it will cost
-- tab: overview
-- chart: number
-- y: outstanding_coins, liability, expected_redemption_rate
-- unit: coins, currency, percent
-- note: As of now, whatever the period: liability is coins held, times the value of a coin, times the share that is redeemed in the long run.
SELECT
    round(toFloat64(outstanding_coins), 2) AS outstanding_coins,
    round(liability, 2) AS liability,
    expected_redemption_rate
FROM analytics.coin_liability
WHERE business = {business:String}
