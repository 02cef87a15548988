-- Whose coins are announced to expire within 30 days, and how many are they?
-- Nector's notice is a forecast: coins expire when a member is idle, so whoever earned or spent since the notice is left out.
SELECT
    e.business AS business,
    e.expires_on AS expires_on,
    e.customer_key AS customer_key,
    e.coins AS coins,
    e.notified_at AS notified_at
FROM analytics.coin_expiries AS e
INNER JOIN analytics.coin_balances AS b ON b.business = e.business AND b.lead_id = e.lead_id
WHERE e.expires_on BETWEEN today() AND today() + 30 AND b.last_transaction_at <= e.notified_at
ORDER BY expires_on, coins DESC
LIMIT 100;
