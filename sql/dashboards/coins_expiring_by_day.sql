-- Coins about to expire, by day of expiry
-- tab: coins
-- chart: bar
-- x: day
-- y: coins
-- unit: coins
-- note: The next 60 days, whatever the period, as Nector announced last for each member: a forecast, as whoever earns or spends meanwhile gets a later date.
SELECT e.day AS day, round(toFloat64(e.coins), 2) AS coins, e.members AS members
FROM analytics.coin_expiry_daily AS e
WHERE e.business = {business:String} AND e.day BETWEEN today() AND today() + 60
ORDER BY day
