-- How far customers got in funnels, as sql/figures/funnel_days.sql has worked it out: a funnel over a period has only to read who got how far on which
-- day, customers as numbers, in a row a day.

-- The days that count: those worked out under the configuration as it is now.
CREATE OR REPLACE VIEW landing.current_funnel_days AS
SELECT *
FROM landing.funnel_days FINAL
WHERE (business, funnel, configuration) GLOBAL IN (SELECT business, funnel, configuration FROM landing.funnels);

-- Use: SELECT * FROM analytics.funnel(business = 'acme', funnel = 'purchase', from_day = '2026-01-01', to_day = '2026-01-31')
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
        SELECT sumForEach(arrayMap(step_number -> if(level >= step_number, customers, 0), range(1, 21))) AS customers
        FROM
        (
            SELECT level, count() AS customers
            FROM
            (
                SELECT max(level) AS level
                FROM landing.current_funnel_days
                ARRAY JOIN customers AS customer, levels AS level
                WHERE business = {business:String} AND funnel = {funnel:String} AND day BETWEEN {from_day:Date} AND {to_day:Date}
                GROUP BY customer
            )
            GROUP BY level
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
COMMENT 'A funnel of CONFIG_FILE over the days from_day … to_day, both included: who entered, and how far they got. Unique customers; users in journeys with a Send Webhook step only';

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
    d.business AS business,
    d.funnel AS funnel,
    d.day AS day,
    toUInt8(number) AS step_number,
    f.steps[number] AS step,
    d.reached[number] AS customers,
    customers / nullIf(if(number = 1, customers, d.reached[number - 1]), 0) AS step_conversion,
    customers / nullIf(d.reached[1], 0) AS overall_conversion
FROM landing.current_funnel_days AS d
INNER JOIN (SELECT business, funnel, steps, arrayJoin(arrayEnumerate(steps)) AS number FROM landing.funnels) AS f ON f.business = d.business AND f.funnel = d.funnel
WHERE d.reached[1] > 0
SETTINGS join_use_nulls = 0
COMMENT 'Every funnel of CONFIG_FILE by the day on which customers entered it. Users in journeys with a Send Webhook step only';
