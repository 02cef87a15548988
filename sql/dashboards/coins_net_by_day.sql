-- Net change of all balances by day
-- tab: coins
-- chart: bar
-- x: day
-- y: net_coins
-- unit: coins
-- note: All credits less all debits, adjustments among them.
SELECT d.day AS day, round(sum(toFloat64(d.net_coins)), 2) AS net_coins
FROM analytics.coin_daily AS d
WHERE d.business = {business:String} AND d.day BETWEEN {from:Date} AND {to:Date}
GROUP BY day
ORDER BY day WITH FILL FROM {from:Date} TO {to:Date} + 1
