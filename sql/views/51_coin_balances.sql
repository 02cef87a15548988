-- What each member holds. The balance is what Nector said last; the ledger is what the movements add up to; the gap between them is the
-- trace of debits that nobody announced, such as an expiry.
CREATE OR REPLACE VIEW analytics.coin_balances
(
    business            LowCardinality(String)    COMMENT 'Business of CONFIG_FILE',
    lead_id             String                    COMMENT 'Nector''s id of the member',
    customer_key        Nullable(String)          COMMENT 'The person, the same in every view and for both vendors: customer:, email:, mobile:, nector: or visitor: and an id or hash; null where nobody is known',
    balance             Nullable(Decimal(38, 10)) COMMENT 'Closing balance of the last successful movement that tells one; null where none does',
    lifetime_issued     Decimal(38, 10)           COMMENT 'Sum of the successful credits',
    lifetime_redeemed   Decimal(38, 10)           COMMENT 'Sum of the successful debits of type redeem',
    ledger_gap          Nullable(Decimal(38, 10)) COMMENT 'Credits less debits less balance: coins that went without a webhook, such as by expiry',
    last_transaction_at DateTime64(3, 'UTC')      COMMENT 'Time of the last successful movement, UTC'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    business,
    assumeNotNull(l.lead_id) AS lead_id,
    argMax(l.customer_key, (l.customer_key IS NOT NULL, l.occurred_at, l.transaction_key)) AS customer_key,
    -- of movements of one moment the one with the greater key: which was last is not told, but the answer is always the same
    argMaxIf(l.closing_balance, (l.occurred_at, l.transaction_key), l.closing_balance IS NOT NULL) AS balance,
    ifNull(sumIf(l.amount, l.operation = 'cr'), 0) AS lifetime_issued,
    ifNull(sumIf(l.amount, l.operation = 'dr' AND l.type = 'redeem'), 0) AS lifetime_redeemed,
    ifNull(sum(l.signed_amount), 0) - balance AS ledger_gap,
    max(l.occurred_at) AS last_transaction_at
FROM analytics.coin_ledger AS l
WHERE l.lead_id IS NOT NULL AND ifNull(l.status, 'success') = 'success'
GROUP BY business, l.lead_id
COMMENT 'Coins that each member holds, and what the ledger says';
