-- Coins issued and redeemed by day
-- tab: overview
-- chart: line
-- x: day
-- y: coins_issued, coins_redeemed
-- unit: coins
SELECT d.day AS day, round(sum(toFloat64(d.coins_issued)), 2) AS coins_issued, round(sum(toFloat64(d.coins_redeemed)), 2) AS coins_redeemed
FROM analytics.coin_daily AS d
WHERE d.business = {business:String} AND d.day BETWEEN {from:Date} AND {to:Date}
GROUP BY day
ORDER BY day WITH FILL FROM {from:Date} TO {to:Date} + 1
