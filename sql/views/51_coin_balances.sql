-- What each member holds, as sql/figures/coin_members.sql has worked it out.
CREATE OR REPLACE VIEW analytics.coin_balances
(
    business            LowCardinality(String)    COMMENT 'Business of CONFIG_FILE',
    lead_id             String                    COMMENT 'Nector''s id of the member',
    customer_key        Nullable(String)          COMMENT 'The person, the same in every view and for both vendors: customer:, email:, mobile:, nector: or visitor: and an id or hash; null where nobody is known',
    balance             Nullable(Decimal(38, 10)) COMMENT 'Closing balance of the movement that took effect last and tells one; null where none does',
    lifetime_issued     Decimal(38, 10)           COMMENT 'Coins given, less rewards taken back',
    lifetime_redeemed   Decimal(38, 10)           COMMENT 'Coins redeemed, less redemptions given back',
    ledger_gap          Nullable(Decimal(38, 10)) COMMENT 'Credits less debits less balance: coins that went without a webhook, such as by expiry',
    last_transaction_at DateTime64(3, 'UTC')      COMMENT 'Time of the last successful movement, UTC'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    business,
    lead_id,
    customer_key,
    balance,
    coins_issued AS lifetime_issued,
    coins_redeemed AS lifetime_redeemed,
    net_coins - balance AS ledger_gap,
    last_transaction_at
FROM landing.coin_leads FINAL
WHERE transactions > 0
COMMENT 'Coins that each member holds, and what the ledger says';
