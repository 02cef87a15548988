-- Members whose balance their movements do not explain
-- tab: coins
-- chart: table
-- y: lead_id, balance, lifetime_issued, lifetime_redeemed, ledger_gap, last_transaction_at
-- note: The 20 largest gaps. A gap is coins that went without a webhook, such as by expiry, or movements from before the first webhook.
SELECT
    b.lead_id AS lead_id,
    round(toFloat64(b.balance), 2) AS balance,
    round(toFloat64(b.lifetime_issued), 2) AS lifetime_issued,
    round(toFloat64(b.lifetime_redeemed), 2) AS lifetime_redeemed,
    round(toFloat64(b.ledger_gap), 2) AS ledger_gap,
    b.last_transaction_at AS last_transaction_at
FROM analytics.coin_balances AS b
WHERE b.business = {business:String} AND b.ledger_gap != 0
ORDER BY abs(ledger_gap) DESC, lead_id
LIMIT 20
