-- Which customers hold the most coins, and for whom does the ledger not add up to the balance? A gap is the trace of debits that
-- nobody announced, such as an expiry.
SELECT
    business,
    customer_key,
    argMax(closing_balance, (occurred_at, transaction_key)) AS balance,
    sum(signed_amount) AS ledger,
    ledger - balance AS ledger_gap,
    max(occurred_at) AS last_transaction_at
FROM analytics.coin_ledger
WHERE status = 'success'
GROUP BY business, customer_key
ORDER BY balance DESC
LIMIT 50;
