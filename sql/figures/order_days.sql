-- Orders of each of these days by currency, as they stand now: those that do not count as revenue are left out. A day that has lost its last order
-- has a row, too.
INSERT INTO landing.order_days
WITH
    asked AS (SELECT arrayJoin({days:Array(Date)}) AS day),
    reports AS
    (
        -- an event near midnight is stored under another day in the time zone of the business
        SELECT * FROM landing.order_facts FINAL
        WHERE business = {business:String} AND stored_day GLOBAL IN (SELECT arrayJoin([day - 1, day, day + 1]) FROM asked)
        UNION ALL
        -- of moved records all reports, as they may be of any day
        SELECT *
        FROM
        (
            SELECT * FROM landing.order_facts
            WHERE record_hash GLOBAL IN (SELECT record_hash FROM landing.moved_records WHERE facts = 'orders' AND business = {business:String})
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
            argMax(counts_as_revenue, recency) AS counts,
            argMax(currency, recency) AS last_currency,
            argMax(tuple(fiat_amount), recency).1 AS last_amount,
            argMax(tuple(coin_spent), recency).1 AS last_coins
        FROM reports
        GROUP BY record_key
    )
SELECT
    {business:String} AS business,
    s.day AS day,
    arraySort(groupArrayIf((r.currency, r.orders, r.revenue, r.coins_spent, r.buyers), r.orders > 0)) AS by_currency,
    -- later than any row before, whatever the clock says
    greatest(now64(3, 'UTC'), (SELECT max(computed_at) FROM landing.order_days) + toIntervalMillisecond(1)) AS computed_at
FROM asked AS s
LEFT JOIN
(
    SELECT
        day, last_currency AS currency,
        count() AS orders,
        ifNull(sum(last_amount), 0) AS revenue,
        ifNull(sum(last_coins), 0) AS coins_spent,
        uniqExactIf(member, member != '') AS buyers
    FROM record
    WHERE counts
    GROUP BY day, currency
) AS r ON r.day = s.day
GROUP BY day
SETTINGS join_use_nulls = 0
