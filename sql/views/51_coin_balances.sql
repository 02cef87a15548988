-- What each member holds. The balance is what Nector said last; the ledger is what the movements add up to; the gap between them is the
-- trace of debits that nobody announced, such as an expiry. A member is worked out anew whenever a movement came (004_figures.sql).
CREATE OR REPLACE VIEW landing.dirty_coin_leads AS
WITH
    (SELECT max(watermark) FROM landing.coin_leads WHERE business = '' AND lead_id = '') AS since,
    changed AS
    (
        SELECT business, lead_id, max(loaded_at) AS loaded_at
        FROM
        (
            SELECT business, lead_id, loaded_at FROM landing.changed_leads WHERE loaded_at >= since
            UNION ALL
            -- every member whose a moved record may be, or may have been
            SELECT f.business AS business, arrayJoin(groupUniqArray(f.lead_id)) AS lead_id, max(greatest(f.loaded_at, m.found_at)) AS loaded_at
            FROM landing.coin_facts AS f
            INNER JOIN (SELECT record_hash, max(found_at) AS found_at FROM landing.moved_records WHERE facts = 'coins' GROUP BY record_hash) AS m ON m.record_hash = f.record_hash
            WHERE f.record_hash GLOBAL IN (SELECT record_hash FROM landing.moved_records WHERE facts = 'coins')
            GROUP BY business, f.record_hash
            HAVING loaded_at >= since
            UNION ALL
            -- members who turned out to be somebody else
            SELECT business, substring(identifier, 8) AS lead_id, updated_at AS loaded_at
            FROM landing.identity_keys
            WHERE updated_at >= since AND startsWith(identifier, 'nector:')
        )
        WHERE lead_id != ''
        GROUP BY business, lead_id
    ),
    oldest_dirty AS
    (
        SELECT c.business AS business, c.lead_id AS lead_id, min(c.loaded_at) OVER () AS waiting_since
        FROM changed AS c
        LEFT JOIN
        (
            SELECT business, lead_id, max(computed_at) AS computed_at
            FROM landing.coin_leads
            WHERE (business, lead_id) GLOBAL IN (SELECT business, lead_id FROM changed)
            GROUP BY business, lead_id
        ) AS d ON d.business = c.business AND d.lead_id = c.lead_id
        WHERE c.loaded_at >= d.computed_at - toIntervalSecond((SELECT seconds FROM landing.grace_period))
        -- who has waited longest comes first; of these neighbours in the projection, so that many are read in one piece
        ORDER BY d.computed_at, cityHash64(business, lead_id)
        LIMIT (SELECT members FROM landing.portions)
    ),
    -- as a constant: found once, however often it is read here, while another refresh may be at work
    (SELECT (groupArray((business, lead_id)), min(waiting_since)) FROM oldest_dirty) AS found,
    found.1 AS dirty_keys,
    now64(3, 'UTC') - toIntervalSecond((SELECT all_seconds FROM landing.grace_period)) AS grace_start,
    if(empty(dirty_keys), grace_start, least(found.2, grace_start)) AS until,
    dirty AS (SELECT one.1 AS business, one.2 AS lead_id FROM (SELECT arrayJoin(dirty_keys) AS one)),
    person AS
    (
        SELECT business, identifier, customer_key
        FROM landing.identities
        WHERE (business, identifier) GLOBAL IN (SELECT business, concat('nector:', lead_id) FROM dirty)
    ),
    reports AS
    (
        SELECT business, record_key, event_id, stored_day, created_at, occurred_at, recency, lead_id, operation, movement, is_successful, amount, closing_balance, consolidated
        FROM landing.coin_facts
        WHERE lead_hash GLOBAL IN (SELECT cityHash64(business, lead_id) FROM dirty)
        ORDER BY precedence DESC, loaded_at DESC
        LIMIT 1 BY business, record_key, event_id
        UNION ALL
        SELECT business, record_key, event_id, stored_day, created_at, occurred_at, recency, lead_id, operation, movement, is_successful, amount, closing_balance, consolidated
        FROM landing.coin_facts
        WHERE record_hash GLOBAL IN (SELECT record_hash FROM landing.moved_records WHERE facts = 'coins')
        ORDER BY precedence DESC, loaded_at DESC
        LIMIT 1 BY business, record_key, event_id
    ),
    record AS
    (
        SELECT
            business,
            record_key,
            argMax(lead_id, recency) AS member,
            if(max(stored_day) = toDate(0), min(occurred_at), argMaxIf(created_at, recency, stored_day != toDate(0))) AS at,
            argMax(operation, recency) AS last_operation,
            argMax(movement, recency) AS last_movement,
            argMax(is_successful, recency) AS counts,
            argMax(amount, recency) AS last_amount,
            -- wrapped, as argMax passes over NULL
            argMax(tuple(closing_balance), recency).1 AS last_balance,
            argMax(consolidated, recency) AS last_consolidated,
            groupArray((is_successful, closing_balance, occurred_at)) AS states,
            -- a movement that was pending first, or told another balance, changed the balance only when it was first reported as it is now
            if(arrayExists(state -> NOT state.1 OR ifNull(state.2 != last_balance, 0), states), arrayMin(arrayMap(state -> state.3, arrayFilter(state -> state.1 AND ifNull(state.2 = last_balance, 0), states))), at) AS effective_at
        FROM reports
        GROUP BY business, record_key
    )
SELECT *
FROM
(
    SELECT
        s.business AS business,
        s.lead_id AS lead_id,
        any(if(p.customer_key = '', concat('nector:', s.lead_id), p.customer_key)) AS customer_key,
        -- of movements of one moment the one up to which more coins went and came; where that is not told, the greater key, so that the answer is always the same
        argMaxIf(r.last_balance, (r.effective_at, r.last_consolidated, r.record_key), r.last_balance IS NOT NULL) AS balance,
        sumIf(r.last_amount, r.last_movement = 'issue') - sumIf(r.last_amount, r.last_movement = 'issue_reversal') AS coins_issued,
        sumIf(r.last_amount, r.last_movement = 'redemption') - sumIf(r.last_amount, r.last_movement = 'redemption_reversal') AS coins_redeemed,
        sum(if(r.last_operation = 'cr', r.last_amount, -r.last_amount)) AS net_coins,
        countIf(r.record_key != '') AS transactions,
        max(r.at) AS last_transaction_at,
        toDateTime64(0, 3, 'UTC') AS watermark,
        now64(3, 'UTC') AS computed_at
    FROM dirty AS s
    LEFT JOIN (SELECT * FROM record WHERE counts) AS r ON r.business = s.business AND r.member = s.lead_id
    LEFT JOIN person AS p ON p.business = s.business AND p.identifier = concat('nector:', s.lead_id)
    GROUP BY business, lead_id
    UNION ALL
    SELECT '', '', '', NULL, 0, 0, 0, 0, toDateTime64(0, 3, 'UTC'), until, now64(3, 'UTC')
    WHERE until > since AND ((SELECT max(loaded_at) FROM landing.changed_leads) >= since OR (SELECT max(updated_at) FROM landing.identity_keys WHERE identifier != '') >= since)
)
SETTINGS join_use_nulls = 0;

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
