-- How far each customer got who entered a funnel on a day. Steps in order, others may come between; the window begins with the first step
-- and is a hard filter; activities of the same moment count in step order. One who enters several times on a day counts with the best.
CREATE OR REPLACE VIEW landing.funnel_entries AS
WITH
    person AS
    (
        SELECT
            a.business AS business,
            f.funnel AS funnel,
            any(f.window_ms) AS window_ms,
            any(length(f.steps)) AS length,
            a.customer_key AS customer_key,
            arraySort(groupArray((toUnixTimestamp64Milli(a.occurred_at), indexOf(f.steps, a.step), a.day))) AS events
        FROM analytics.activities AS a
        INNER JOIN landing.funnels AS f ON f.business = a.business
        WHERE a.customer_key IS NOT NULL AND has(f.steps, a.step)
        GROUP BY business, funnel, customer_key
    )
SELECT
    business,
    funnel,
    customer_key,
    entry_day AS day,
    -- for each step the latest beginning from which it was reached, 0 where none
    arrayCount(began -> began != 0, arrayFold(
        (reached, event) -> multiIf(
            event.2 = 1, if(event.3 = entry_day, arrayMap((began, step) -> if(step = 1, event.1, began), reached, arrayEnumerate(reached)), reached),
            reached[event.2 - 1] != 0 AND event.1 - reached[event.2 - 1] <= window_ms, arrayMap((began, step) -> if(step = event.2, reached[event.2 - 1], began), reached, arrayEnumerate(reached)),
            reached),
        events,
        arrayResize([]::Array(Int64), length, toInt64(0)))) AS level
FROM person
ARRAY JOIN arrayDistinct(arrayMap(event -> event.3, arrayFilter(event -> event.2 = 1, events))) AS entry_day
SETTINGS join_use_nulls = 0;

-- Use: SELECT * FROM analytics.funnel(business = 'acme', funnel = 'purchase', from = '2026-01-01', to = '2026-01-31')
CREATE OR REPLACE VIEW analytics.funnel
(
    step_number        UInt8             COMMENT 'Number of the step, from 1',
    step               String            COMMENT 'Name of the activity',
    customers          UInt64            COMMENT 'Customers who entered in the period and reached the step within the window',
    step_conversion    Nullable(Float64) COMMENT 'customers / customers of the step before; 1 at the first step; null where the denominator is 0',
    overall_conversion Nullable(Float64) COMMENT 'customers / customers of the first step; null where the denominator is 0',
    drop_off           Nullable(Float64) COMMENT '1 - step_conversion: the share that was lost since the step before'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
WITH
    reached AS
    (
        -- how many customers got to each step, as one array
        SELECT sumForEach(arrayMap(step_number -> toUInt64(level >= step_number), range(1, 21))) AS customers
        FROM
        (
            SELECT max(level) AS level
            FROM landing.funnel_entries
            WHERE business = {business:String} AND funnel = {funnel:String} AND day BETWEEN {from:Date} AND {to:Date}
            GROUP BY customer_key
        )
    )
SELECT
    toUInt8(number) AS step_number,
    f.steps[number] AS step,
    r.customers[number] AS customers,
    customers / nullIf(if(number = 1, customers, r.customers[number - 1]), 0) AS step_conversion,
    customers / nullIf(r.customers[1], 0) AS overall_conversion,
    1 - step_conversion AS drop_off
FROM (SELECT steps, arrayJoin(arrayEnumerate(steps)) AS number FROM landing.funnels WHERE business = {business:String} AND funnel = {funnel:String}) AS f
CROSS JOIN reached AS r
ORDER BY step_number
SETTINGS join_use_nulls = 0
COMMENT 'A funnel of CONFIG_FILE over a period: who entered from the day `from` to the day `to`, and how far they got. Unique customers; users in journeys with a Send Webhook step only';

CREATE OR REPLACE VIEW analytics.funnel_daily
(
    business           LowCardinality(String) COMMENT 'Business of CONFIG_FILE',
    funnel             String                 COMMENT 'Funnel of CONFIG_FILE',
    day                Date                   COMMENT 'Day of entry in the time zone of the business',
    step_number        UInt8                  COMMENT 'Number of the step, from 1',
    step               String                 COMMENT 'Name of the activity',
    customers          UInt64                 COMMENT 'Customers who entered on that day and reached the step within the window, be it on a later day',
    step_conversion    Nullable(Float64)      COMMENT 'customers / customers of the step before; 1 at the first step; null where the denominator is 0',
    overall_conversion Nullable(Float64)      COMMENT 'customers / customers of the first step'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    e.business AS business,
    e.funnel AS funnel,
    e.day AS day,
    toUInt8(number) AS step_number,
    f.steps[number] AS step,
    e.customers[number] AS customers,
    customers / nullIf(if(number = 1, customers, e.customers[number - 1]), 0) AS step_conversion,
    customers / nullIf(e.customers[1], 0) AS overall_conversion
FROM
(
    SELECT business, funnel, day, sumForEach(arrayMap(step_number -> toUInt64(level >= step_number), range(1, 21))) AS customers
    FROM landing.funnel_entries
    GROUP BY business, funnel, day
) AS e
INNER JOIN (SELECT business, funnel, steps, arrayJoin(arrayEnumerate(steps)) AS number FROM landing.funnels) AS f ON f.business = e.business AND f.funnel = e.funnel
SETTINGS join_use_nulls = 0
COMMENT 'Every funnel of CONFIG_FILE by the day on which customers entered it. Users in journeys with a Send Webhook step only';
