-- Coins of each of these days: issued, redeemed, and by how many members, from all reports of the records of that day. Only successful movements
-- count; a transaction without a status is taken for one. A day that has lost its last movement has a row, too.
INSERT INTO landing.coin_days
WITH
    asked AS (SELECT arrayJoin({days:Array(Date)}) AS day),
    reports AS
    (
        -- an event near midnight is stored under another day in the time zone of the business
        SELECT * FROM landing.coin_facts FINAL
        WHERE business = {business:String} AND stored_day GLOBAL IN (SELECT arrayJoin([day - 1, day, day + 1]) FROM asked)
        UNION ALL
        -- of moved records all reports, as they may be of any day
        SELECT *
        FROM
        (
            SELECT * FROM landing.coin_facts
            WHERE record_hash GLOBAL IN (SELECT record_hash FROM landing.moved_records WHERE facts = 'coins' AND business = {business:String})
            ORDER BY precedence DESC, loaded_at DESC
            LIMIT 1 BY business, record_key, event_id
        )
    ),
    record AS
    (
        SELECT
            record_key,
            if(max(stored_day) = toDate(0), min(occurred_day), argMaxIf(created_day, recency, stored_day != toDate(0))) AS day,
            argMax(lead_id, recency) AS member,
            argMax(operation, recency) AS last_operation,
            argMax(movement, recency) AS last_movement,
            argMax(is_successful, recency) AS counts,
            argMax(amount, recency) AS last_amount
        FROM reports
        GROUP BY record_key
    )
SELECT
    {business:String} AS business,
    s.day AS day,
    sumIf(r.last_amount, r.last_movement = 'issue') - sumIf(r.last_amount, r.last_movement = 'issue_reversal') AS coins_issued,
    sumIf(r.last_amount, r.last_movement = 'redemption') - sumIf(r.last_amount, r.last_movement = 'redemption_reversal') AS coins_redeemed,
    sum(if(r.last_operation = 'cr', r.last_amount, -r.last_amount)) AS net_coins,
    countIf(r.record_key != '') AS transactions,
    uniqExactIf(r.member, r.last_movement = 'issue' AND r.member != '') AS customers_earning,
    uniqExactIf(r.member, r.last_movement = 'redemption' AND r.member != '') AS customers_redeeming,
    -- later than any row before, whatever the clock says
    greatest(now64(3, 'UTC'), (SELECT max(computed_at) FROM landing.coin_days) + toIntervalMillisecond(1)) AS computed_at
FROM asked AS s
LEFT JOIN (SELECT * FROM record WHERE counts) AS r ON r.day = s.day
GROUP BY day
SETTINGS join_use_nulls = 0
