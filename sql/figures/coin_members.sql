-- What each of these members holds. The balance is what Nector said last; the ledger is what the movements add up to; the gap between them is the
-- trace of debits that nobody announced, such as an expiry. From all reports of the member's movements, and of those that may have been the member's.
INSERT INTO landing.coin_leads
WITH
    asked AS (SELECT arrayJoin({leads:Array(String)}) AS lead_id),
    person AS
    (
        SELECT identifier, customer_key
        FROM landing.identities
        WHERE business = {business:String} AND identifier GLOBAL IN (SELECT concat('nector:', lead_id) FROM asked)
    ),
    reports AS
    (
        SELECT *
        FROM
        (
            SELECT record_key, event_id, stored_day, created_at, occurred_at, recency, lead_id, operation, movement, is_successful, amount, closing_balance, consolidated, precedence, loaded_at
            FROM landing.coin_facts
            WHERE lead_hash GLOBAL IN (SELECT cityHash64({business:String}, lead_id) FROM asked)
            UNION ALL
            SELECT record_key, event_id, stored_day, created_at, occurred_at, recency, lead_id, operation, movement, is_successful, amount, closing_balance, consolidated, precedence, loaded_at
            FROM landing.coin_facts
            WHERE record_hash GLOBAL IN (SELECT record_hash FROM landing.moved_records WHERE facts = 'coins' AND business = {business:String})
        )
        ORDER BY precedence DESC, loaded_at DESC
        LIMIT 1 BY record_key, event_id
    ),
    record AS
    (
        SELECT
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
        GROUP BY record_key
    )
SELECT
    {business:String} AS business,
    s.lead_id AS lead_id,
    any(if(p.customer_key = '', concat('nector:', s.lead_id), p.customer_key)) AS customer_key,
    -- of movements of one moment the one up to which more coins went and came; where that is not told, the greater key, so that the answer is always the same
    argMaxIf(r.last_balance, (r.effective_at, r.last_consolidated, r.record_key), r.last_balance IS NOT NULL) AS balance,
    sumIf(r.last_amount, r.last_movement = 'issue') - sumIf(r.last_amount, r.last_movement = 'issue_reversal') AS coins_issued,
    sumIf(r.last_amount, r.last_movement = 'redemption') - sumIf(r.last_amount, r.last_movement = 'redemption_reversal') AS coins_redeemed,
    sum(if(r.last_operation = 'cr', r.last_amount, -r.last_amount)) AS net_coins,
    countIf(r.record_key != '') AS transactions,
    max(r.at) AS last_transaction_at,
    -- later than any row before, whatever the clock says
    greatest(now64(3, 'UTC'), (SELECT max(computed_at) FROM landing.coin_leads) + toIntervalMillisecond(1)) AS computed_at
FROM asked AS s
LEFT JOIN (SELECT * FROM record WHERE counts) AS r ON r.member = s.lead_id
LEFT JOIN person AS p ON p.identifier = concat('nector:', s.lead_id)
GROUP BY lead_id
SETTINGS join_use_nulls = 0
