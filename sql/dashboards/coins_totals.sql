-- Coins in the period
-- tab: coins
-- chart: number
-- y: coins_issued, coins_redeemed, redemption_rate
-- unit: coins, coins, percent
SELECT
    round(sum(toFloat64(d.coins_issued)), 2) AS coins_issued,
    round(sum(toFloat64(d.coins_redeemed)), 2) AS coins_redeemed,
    coins_redeemed / nullIf(coins_issued, 0) AS redemption_rate
FROM analytics.coin_daily AS d
WHERE d.business = {business:String} AND d.day BETWEEN {from:Date} AND {to:Date}
