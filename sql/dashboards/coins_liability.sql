-- Coin liability
-- tab: coins
-- chart: number
-- y: outstanding_coins, coin_value, liability
-- unit: coins, currency, currency
-- note: As of now. Liability is coins held, times the value of a coin, times the share that is redeemed in the long run.
SELECT
    round(toFloat64(outstanding_coins), 2) AS outstanding_coins,
    toFloat64(coin_value) AS coin_value,
    round(liability, 2) AS liability
FROM analytics.coin_liability
WHERE business = {business:String}
