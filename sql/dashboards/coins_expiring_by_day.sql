-- Coins about to expire, by day of expiry
-- tab: coins
-- chart: bar
-- x: expires_on
-- y: coins
-- unit: coins
-- note: The next 60 days, whatever the period, as Nector announced them: a forecast, as coins that are spent meanwhile do not expire.
SELECT e.expires_on AS expires_on, round(sum(toFloat64(e.coins)), 2) AS coins, uniqExact(e.lead_id) AS members
FROM analytics.coin_expiries AS e
WHERE e.business = {business:String} AND e.expires_on BETWEEN today() AND today() + 60
GROUP BY expires_on
ORDER BY expires_on
