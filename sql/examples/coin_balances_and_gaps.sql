-- For whom does the ledger not add up to the balance?
-- A gap above 0 is the trace of debits that nobody announced, such as an expiry; one below 0 is coins from before the first webhook.
SELECT
    business,
    lead_id,
    customer_key,
    balance,
    lifetime_issued,
    lifetime_redeemed,
    ledger_gap,
    last_transaction_at
FROM analytics.coin_balances
WHERE ledger_gap != 0
ORDER BY abs(ledger_gap) DESC
LIMIT 50;
