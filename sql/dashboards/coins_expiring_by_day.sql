-- Coins about to expire, by day of expiry
-- tab: coins
-- chart: bar
-- x: expires_on
-- y: coins
-- unit: coins
-- note: The next 60 days, whatever the period, as Nector announced last for each member: a forecast, as whoever earns or spends meanwhile gets a later date.
SELECT e.expires_on AS expires_on, round(sum(toFloat64(e.coins)), 2) AS coins, uniqExact(e.lead_id) AS members
FROM
(
    -- a later notice is of the same coins
    SELECT lead_id, expires_on, coins
    FROM analytics.coin_expiries
    WHERE business = {business:String}
    ORDER BY notified_at DESC, expires_on
    LIMIT 1 BY lead_id
) AS e
WHERE e.expires_on BETWEEN today() AND today() + 60
GROUP BY expires_on
ORDER BY expires_on
