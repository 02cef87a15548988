-- Every coin movement once, as last reported. A retry under a new delivery id is another event with the same record_key, so
-- it moves no coin twice. Nudges about unused coins describe no movement and are left out.
CREATE OR REPLACE VIEW analytics.coin_ledger
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    t.business AS business,
    t.record_key AS transaction_key,
    nullIf(i.customer_key, '') AS customer_key,
    t.lead_id AS lead_id,
    coalesce(t.created_at, t.first_at) AS occurred_at,
    coalesce(t.created_day, t.first_day) AS day,
    t.operation AS operation,
    t.type AS type,
    t.status AS status,
    t.amount AS amount,
    if(t.operation = 'cr', t.amount, -t.amount) AS signed_amount,
    t.closing_balance AS closing_balance,
    t.title AS title
FROM
(
    SELECT
        *,
        -- where the record carries no time of its own, a repetition must not move it
        min(occurred_at) OVER (PARTITION BY business, record_key) AS first_at,
        min(day) OVER (PARTITION BY business, record_key) AS first_day,
        if(user_customer_id IS NULL, concat('nector:', ifNull(lead_id, '')), concat('customer:', replaceRegexpOne(user_customer_id, '^shopify-', ''))) AS identifier
    FROM landing.coin_transactions FINAL
    WHERE topic != 'unusedwalletcoinrequest_create'
    ORDER BY occurred_at DESC, received_at DESC, event_id
    LIMIT 1 BY business, record_key
) AS t
LEFT JOIN landing.identities AS i ON i.business = t.business AND i.identifier = t.identifier
SETTINGS join_use_nulls = 0;
