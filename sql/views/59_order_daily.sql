-- What was bought each day, as the orders stand now: those that do not count as revenue are left out.
CREATE OR REPLACE VIEW landing.dirty_order_days AS
WITH
    changed AS
    (
        SELECT business, day, max(loaded_at) AS loaded_at
        FROM
        (
            -- an event near midnight belongs to another day in the time zone of the business
            SELECT business, arrayJoin([day - 1, day, day + 1]) AS day, loaded_at
            FROM landing.changed_days
            WHERE facts = 'orders' AND day != toDate(0)
            UNION ALL
            -- every day that a moved record may be of, or may have been
            SELECT f.business AS business, arrayJoin(arrayConcat(groupUniqArray(f.occurred_day), groupUniqArrayIf(f.created_day, f.stored_day != toDate(0)))) AS day, max(greatest(f.loaded_at, m.found_at)) AS loaded_at
            FROM landing.order_facts AS f
            INNER JOIN (SELECT record_hash, max(found_at) AS found_at FROM landing.moved_records WHERE facts = 'orders' GROUP BY record_hash) AS m ON m.record_hash = f.record_hash
            WHERE f.record_hash GLOBAL IN (SELECT record_hash FROM landing.moved_records WHERE facts = 'orders')
            GROUP BY business, f.record_hash
        )
        GROUP BY business, day
    ),
    oldest_dirty AS
    (
        SELECT c.business AS business, c.day AS day
        FROM changed AS c
        LEFT JOIN (SELECT business, day, max(computed_at) AS computed_at FROM landing.order_days GROUP BY business, day) AS d ON d.business = c.business AND d.day = c.day
        WHERE c.loaded_at >= d.computed_at - toIntervalSecond((SELECT seconds FROM landing.grace_period))
        -- what has waited longest comes first; of that the latest days. Days of now do not wait for those of a large load
        QUALIFY row_number() OVER (PARTITION BY day >= today() - 2 ORDER BY d.computed_at, day DESC, business) <= if(day >= today() - 2, 400, 60)
    ),
    -- as a constant: found once, however often it is read here, while another refresh may be at work
    (SELECT groupArray((business, day)) FROM oldest_dirty) AS dirty_keys,
    dirty AS (SELECT one.1 AS business, one.2 AS day FROM (SELECT arrayJoin(dirty_keys) AS one)),
    reports AS
    (
        SELECT * FROM landing.order_facts FINAL
        WHERE (business, stored_day) GLOBAL IN (SELECT business, arrayJoin([day - 1, day, day + 1]) FROM dirty)
        UNION ALL
        -- of moved records all reports, as they may be of any day
        SELECT *
        FROM (SELECT * FROM landing.order_facts WHERE record_hash GLOBAL IN (SELECT record_hash FROM landing.moved_records WHERE facts = 'orders') ORDER BY precedence DESC, loaded_at DESC LIMIT 1 BY business, record_key, event_id)
    ),
    record AS
    (
        SELECT
            business,
            record_key,
            if(max(stored_day) = toDate(0), min(occurred_day), argMaxIf(created_day, recency, stored_day != toDate(0))) AS day,
            argMax(lead_id, recency) AS member,
            argMax(counts_as_revenue, recency) AS counts,
            argMax(currency, recency) AS last_currency,
            argMax(tuple(fiat_amount), recency).1 AS last_amount,
            argMax(tuple(coin_spent), recency).1 AS last_coins
        FROM reports
        GROUP BY business, record_key
    )
SELECT
    s.business AS business,
    s.day AS day,
    -- a day that has lost its last order needs its row, too
    groupArrayIf((r.currency, r.orders, r.revenue, r.coins_spent, r.buyers), r.orders > 0) AS by_currency,
    now64(3, 'UTC') AS computed_at
FROM dirty AS s
LEFT JOIN
(
    SELECT
        business, day, last_currency AS currency,
        count() AS orders,
        ifNull(sum(last_amount), 0) AS revenue,
        ifNull(sum(last_coins), 0) AS coins_spent,
        uniqExactIf(member, member != '') AS buyers
    FROM record
    WHERE counts
    GROUP BY business, day, currency
) AS r ON r.business = s.business AND r.day = s.day
GROUP BY business, day
SETTINGS join_use_nulls = 0;

CREATE OR REPLACE VIEW analytics.order_daily
(
    business    LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    day         Date                   COMMENT 'Day in the time zone of the business',
    currency    String                 COMMENT 'Currency of the orders, ISO 4217',
    orders      UInt64                 COMMENT 'Orders in it placed on that day that are not cancelled or refunded',
    revenue     Decimal(38, 10)        COMMENT 'Amounts of those orders',
    coins_spent Decimal(38, 10)        COMMENT 'Coins spent on those orders',
    buyers      UInt64                 COMMENT 'Members who placed them'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT d.business AS business, d.day AS day, c.currency AS currency, c.orders AS orders, c.revenue AS revenue, c.coins_spent AS coins_spent, c.buyers AS buyers
FROM landing.order_days AS d FINAL
ARRAY JOIN d.by_currency AS c
COMMENT 'Orders of each day and currency: how many, for how much, by how many members';
