-- Every coin movement once, as last reported. A retry under a new delivery id is another event with the same record_key, so
-- it moves no coin twice. Nudges about unused coins describe no movement and are left out.
CREATE OR REPLACE VIEW analytics.coin_ledger
(
    business        LowCardinality(String)           COMMENT 'Business of CONFIG_FILE',
    transaction_key String                           COMMENT 'Nector''s hash of the transaction; where it sends none, a hash of the content',
    customer_key    Nullable(String)                 COMMENT 'The person, the same in every view and for both vendors: customer:, email:, mobile:, nector: or visitor: and an id or hash; null where nobody is known',
    lead_id         Nullable(String)                 COMMENT 'Nector''s id of the member',
    occurred_at     DateTime64(3, 'UTC')             COMMENT 'When the coins moved, UTC',
    day             Date                             COMMENT 'Day of occurred_at in the time zone of the business',
    operation       LowCardinality(Nullable(String)) COMMENT 'cr (coins came) or dr (coins went)',
    type            LowCardinality(Nullable(String)) COMMENT 'reward, redeem, adjust or whatever else Nector sends',
    movement        LowCardinality(String)           COMMENT 'What it is for the figures: issue, redemption, issue_reversal (a reward taken back), redemption_reversal (a redemption given back), transfer (between accounts) or other_debit',
    status          LowCardinality(Nullable(String)) COMMENT 'success, or whatever else Nector sends; only success (and none at all) counts in other views',
    amount          Nullable(Decimal(38, 10))        COMMENT 'Coins, positive whatever the direction',
    signed_amount   Nullable(Decimal(38, 10))        COMMENT 'Coins, negative where they went',
    closing_balance Nullable(Decimal(38, 10))        COMMENT 'Balance of the member after the movement, as Nector says',
    title           Nullable(String)                 COMMENT 'What it was for'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    t.business AS business,
    t.record_key AS transaction_key,
    nullIf(if(i.customer_key = '', t.identifier, i.customer_key), '') AS customer_key,
    t.lead_id AS lead_id,
    coalesce(t.told_at, t.first_at) AS occurred_at,
    coalesce(t.told_day, t.first_day) AS day,
    t.operation AS operation,
    t.type AS type,
    t.movement AS movement,
    t.status AS status,
    t.amount AS amount,
    if(t.operation = 'cr', t.amount, -t.amount) AS signed_amount,
    t.closing_balance AS closing_balance,
    t.title AS title
FROM
(
    SELECT
        *,
        -- as any report tells it, the last that does; where none does a repetition must not move the record
        argMaxIf(created_at, recency, created_at IS NOT NULL) OVER (PARTITION BY business, record_key) AS told_at,
        argMaxIf(created_day, recency, created_at IS NOT NULL) OVER (PARTITION BY business, record_key) AS told_day,
        min(occurred_at) OVER (PARTITION BY business, record_key) AS first_at,
        min(day) OVER (PARTITION BY business, record_key) AS first_day,
        if(arrayFirst(one -> (business, one) GLOBAL NOT IN (SELECT business, identifier FROM landing.ambiguous_identifiers), identifiers) AS usable = '', identifiers[1], usable) AS identifier
    FROM landing.coin_transactions FINAL
    WHERE topic != 'unusedwalletcoinrequest_create'
    ORDER BY recency DESC
    LIMIT 1 BY business, record_key
) AS t
LEFT JOIN landing.identities AS i ON i.business = t.business AND i.identifier = t.identifier
SETTINGS join_use_nulls = 0
COMMENT 'Every coin movement once, as last reported. Nudges about unused coins describe no movement and are left out';
