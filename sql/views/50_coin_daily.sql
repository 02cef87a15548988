-- What came and went each day. Only successful movements count; a transaction without a status is taken for one. Each day is worked out from
-- all its facts whenever some have come (004_figures.sql says how), so a year is 365 rows to read.
CREATE OR REPLACE VIEW landing.dirty_coin_days AS
WITH
    changed AS
    (
        SELECT business, day, max(loaded_at) AS loaded_at
        FROM
        (
            -- an event near midnight belongs to another day in the time zone of the business
            SELECT business, arrayJoin([day - 1, day, day + 1]) AS day, loaded_at
            FROM landing.changed_days
            WHERE facts = 'coins' AND day != toDate(0)
            UNION ALL
            -- every day that a moved record may be of, or may have been
            SELECT f.business AS business, arrayJoin(arrayConcat(groupUniqArray(f.occurred_day), groupUniqArrayIf(f.created_day, f.stored_day != toDate(0)))) AS day, max(greatest(f.loaded_at, m.found_at)) AS loaded_at
            FROM landing.coin_facts AS f
            INNER JOIN (SELECT record_hash, max(found_at) AS found_at FROM landing.moved_records WHERE facts = 'coins' GROUP BY record_hash) AS m ON m.record_hash = f.record_hash
            WHERE f.record_hash GLOBAL IN (SELECT record_hash FROM landing.moved_records WHERE facts = 'coins')
            GROUP BY business, f.record_hash
        )
        GROUP BY business, day
    ),
    oldest_dirty AS
    (
        SELECT c.business AS business, c.day AS day
        FROM changed AS c
        LEFT JOIN (SELECT business, day, max(computed_at) AS computed_at FROM landing.coin_days GROUP BY business, day) AS d ON d.business = c.business AND d.day = c.day
        WHERE c.loaded_at >= d.computed_at - toIntervalSecond((SELECT seconds FROM landing.grace_period))
        -- what has waited longest comes first; of that the latest days. Days of now do not wait for those of a large load
        QUALIFY row_number() OVER (PARTITION BY day >= today() - 2 ORDER BY d.computed_at, day DESC, business) <= if(day >= today() - 2, 400, 60)
    ),
    -- as a constant: found once, however often it is read here, while another refresh may be at work
    (SELECT groupArray((business, day)) FROM oldest_dirty) AS dirty_keys,
    dirty AS (SELECT one.1 AS business, one.2 AS day FROM (SELECT arrayJoin(dirty_keys) AS one)),
    reports AS
    (
        SELECT * FROM landing.coin_facts FINAL
        WHERE (business, stored_day) GLOBAL IN (SELECT business, arrayJoin([day - 1, day, day + 1]) FROM dirty)
        UNION ALL
        -- of moved records all reports, as they may be of any day
        SELECT *
        FROM (SELECT * FROM landing.coin_facts WHERE record_hash GLOBAL IN (SELECT record_hash FROM landing.moved_records WHERE facts = 'coins') ORDER BY precedence DESC, loaded_at DESC LIMIT 1 BY business, record_key, event_id)
    ),
    record AS
    (
        SELECT
            business,
            record_key,
            if(max(stored_day) = toDate(0), min(occurred_day), argMaxIf(created_day, recency, stored_day != toDate(0))) AS day,
            argMax(lead_id, recency) AS member,
            argMax(operation, recency) AS last_operation,
            argMax(movement, recency) AS last_movement,
            argMax(is_successful, recency) AS counts,
            argMax(amount, recency) AS last_amount
        FROM reports
        GROUP BY business, record_key
    )
SELECT
    s.business AS business,
    s.day AS day,
    sumIf(r.last_amount, r.last_movement = 'issue') - sumIf(r.last_amount, r.last_movement = 'issue_reversal') AS coins_issued,
    sumIf(r.last_amount, r.last_movement = 'redemption') - sumIf(r.last_amount, r.last_movement = 'redemption_reversal') AS coins_redeemed,
    sum(if(r.last_operation = 'cr', r.last_amount, -r.last_amount)) AS net_coins,
    countIf(r.record_key != '') AS transactions,
    uniqExactIf(r.member, r.last_movement = 'issue' AND r.member != '') AS customers_earning,
    uniqExactIf(r.member, r.last_movement = 'redemption' AND r.member != '') AS customers_redeeming,
    now64(3, 'UTC') AS computed_at
FROM dirty AS s
-- a day that has lost its last movement needs its row, too
LEFT JOIN (SELECT * FROM record WHERE counts) AS r ON r.business = s.business AND r.day = s.day
GROUP BY business, day
SETTINGS join_use_nulls = 0;

CREATE OR REPLACE VIEW analytics.coin_daily
(
    business            LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    day                 Date                   COMMENT 'Day in the time zone of the business',
    coins_issued        Decimal(38, 10)        COMMENT 'Coins given, less rewards taken back on that day',
    coins_redeemed      Decimal(38, 10)        COMMENT 'Coins redeemed, less redemptions given back on that day',
    net_coins           Decimal(38, 10)        COMMENT 'All successful credits less all successful debits, adjustments among them',
    transactions        UInt64                 COMMENT 'Successful movements',
    customers_earning   UInt64                 COMMENT 'Members who were given coins',
    customers_redeeming UInt64                 COMMENT 'Members who redeemed',
    redemption_rate     Nullable(Float64)      COMMENT 'coins_redeemed / coins_issued; null where none were issued'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    business,
    day,
    coins_issued,
    coins_redeemed,
    net_coins,
    transactions,
    customers_earning,
    customers_redeeming,
    toFloat64(coins_redeemed) / nullIf(toFloat64(coins_issued), 0) AS redemption_rate
FROM landing.coin_days FINAL
WHERE transactions > 0
COMMENT 'Coins of each day: issued, redeemed, and by how many members';
