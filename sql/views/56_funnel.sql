-- How far each customer got who entered a funnel on a day. Steps in order, others may come between; the window begins with the first step
-- and is a hard filter; activities of the same moment count in step order. One who enters several times on a day counts with the best.
-- An activity without a time of its own has no place in an order and is left out.

-- Days whose activities turned out to be those of another customer, as an identity or a device was linked: they count as loaded again. The row
-- `relinked` tells when that was last looked for.
CREATE OR REPLACE VIEW landing.dirty_changed_days AS
WITH
    (SELECT max(loaded_at) - toIntervalSecond((SELECT seconds FROM landing.grace_period)) FROM landing.changed_days WHERE facts = 'relinked') AS since,
    -- as constants: where both are 0 no activity is read
    (SELECT count() FROM landing.identity_keys WHERE updated_at >= since) AS new_keys,
    (SELECT count() FROM landing.netcore_identities WHERE linked_at >= since AND guid != '' AND email_hash != '') AS new_devices,
    identifier AS (SELECT cityHash64(identifier) AS hash FROM landing.identity_keys WHERE updated_at >= since),
    relinked AS
    (
        SELECT business, stored_day, guid_hash
        FROM landing.activity_facts
        WHERE new_keys > 0 AND (identifier_hashes[1] GLOBAL IN (SELECT hash FROM identifier) OR identifier_hashes[2] GLOBAL IN (SELECT hash FROM identifier) OR identifier_hashes[3] GLOBAL IN (SELECT hash FROM identifier))
    )
SELECT facts, business, day, if(facts = 'relinked', now64(3, 'UTC'), nowInBlock64(3, 'UTC')) AS loaded_at
FROM
(
    SELECT DISTINCT 'activities' AS facts, business, stored_day AS day FROM relinked
    UNION ALL
    SELECT DISTINCT 'activities', business, stored_day
    FROM landing.activity_facts
    WHERE new_keys + new_devices > 0 AND email_hash = '' AND guid_hash GLOBAL IN
    (
        SELECT cityHash64(guid) FROM landing.netcore_identities WHERE linked_at >= since AND guid != '' AND email_hash != ''
        UNION DISTINCT
        SELECT guid_hash FROM relinked
    )
    UNION ALL
    SELECT 'relinked', '', toDate(0)
    WHERE new_keys + new_devices > 0
)
-- the watermark last, so that it is never ahead of what was worked out
ORDER BY facts = 'relinked'
SETTINGS join_use_nulls = 0;

-- A day of entry is worked out anew whenever activities came that its windows reach to, whenever somebody of that day turned out to be somebody
-- else, and when the configuration of the funnel has changed (004_figures.sql says how). So a funnel over a period has only to read who got how
-- far on which day: customers as numbers, in a row a day.
CREATE OR REPLACE VIEW landing.dirty_funnel_days AS
WITH
    funnel AS (SELECT *, toUInt16(ceil(window_ms / 86400000)) AS window_days FROM landing.funnels),
    changed AS
    (
        SELECT
            c.business AS business,
            f.funnel AS funnel,
            any(f.configuration) AS configuration,
            any(f.window_days) AS window_days,
            max(c.loaded_at) AS loaded_at,
            -- an activity near midnight belongs to another day in the time zone of the business; one of another day may be within the window
            arrayJoin(arrayMap(back -> c.day + 1 - back, range(f.window_days + 3))) AS day
        FROM landing.changed_days AS c
        INNER JOIN funnel AS f ON f.business = c.business
        WHERE c.facts = 'activities' AND c.day != toDate(0)
        GROUP BY business, funnel, day
    ),
    oldest_dirty AS
    (
        SELECT c.business AS business, c.funnel AS funnel, c.day AS day, c.configuration AS configuration, c.window_days AS window_days, day >= today() - 2 - c.window_days AS is_now
        FROM changed AS c
        LEFT JOIN
        (
            -- what was worked out last counts: where that was under another configuration, the day is dirty
            SELECT f.business AS business, f.funnel AS funnel, f.day AS day, argMax(f.configuration, f.computed_at) AS configuration, max(f.computed_at) AS computed_at
            FROM landing.funnel_days AS f
            GROUP BY business, funnel, day
        ) AS d ON d.business = c.business AND d.funnel = c.funnel AND d.day = c.day AND d.configuration = c.configuration
        WHERE c.loaded_at >= d.computed_at - toIntervalSecond((SELECT seconds FROM landing.grace_period))
        -- what has waited longest comes first; of that the latest days. Days of now do not wait for those of a large load
        QUALIFY row_number() OVER (PARTITION BY is_now ORDER BY d.computed_at, day DESC, business, funnel) <= if(is_now, 400, 30)
    ),
    -- as a constant: found once, however often it is read here, while another refresh may be at work
    (SELECT groupArray((business, funnel, day, configuration, window_days)) FROM oldest_dirty) AS dirty_keys,
    dirty AS (SELECT one.1 AS business, one.2 AS funnel, one.3 AS day, one.4 AS configuration FROM (SELECT arrayJoin(dirty_keys) AS one)),
    -- the days of what counts for them
    near AS (SELECT DISTINCT one.1 AS business, arrayJoin(arrayMap(ahead -> one.3 - 1 + ahead, range(one.5 + 3))) AS stored_day FROM (SELECT arrayJoin(dirty_keys) AS one)),
    -- what counts as which step of which funnel; a constant, too
    (
        SELECT groupArray((n.business, n.source, n.activity_id, s.identity_kind, f.funnel, f.window_ms, length(f.steps), indexOf(f.steps, n.step)))
        FROM landing.activity_steps AS n
        INNER JOIN funnel AS f ON f.business = n.business
        LEFT JOIN landing.netcore_sources AS s ON s.business = n.business AND s.source = n.source
        WHERE has(f.steps, n.step)
    ) AS counted,
    counted_step AS (SELECT one.1 AS business, one.2 AS source, one.3 AS activity_id, one.4 AS identity_kind, one.5 AS funnel, one.6 AS window_ms, one.7 AS length, one.8 AS step_number FROM (SELECT arrayJoin(counted) AS one)),
    activity AS
    (
        SELECT
            a.business AS business,
            n.funnel AS funnel,
            n.window_ms AS window_ms,
            n.length AS length,
            a.day AS day,
            toUnixTimestamp64Milli(a.occurred_at) AS at,
            n.step_number AS step_number,
            multiIf(
                a.email_hash = '', if(a.guid = '', '', concat('visitor:', a.guid)),
                n.identity_kind = 'email' OR a.customer_id = '', concat('email:', a.email_hash),
                n.identity_kind = 'mobile' AND a.mobile_hash != '', concat('mobile:', a.mobile_hash),
                n.identity_kind = 'customer_id', concat('customer:', a.customer_id),
                concat('unknown:', a.email_hash)) AS identifier
        FROM
        (
            SELECT *
            FROM landing.activity_facts FINAL
            WHERE (business, stored_day) GLOBAL IN (SELECT business, stored_day FROM near)
        ) AS a
        INNER JOIN counted_step AS n ON n.business = a.business AND n.source = a.source AND n.activity_id = a.activity_id
    ),
    visited AS
    (
        SELECT business, identifier, leads_to
        FROM landing.device_identifiers
        -- by hash, as hashes are there already and texts are slow to search
        WHERE cityHash64(guid) GLOBAL IN (SELECT guid_hash FROM landing.activity_facts WHERE (business, stored_day) GLOBAL IN (SELECT business, stored_day FROM near) AND email_hash = '')
    ),
    identity AS
    (
        SELECT business, identifier, customer_key
        FROM landing.identities
        WHERE cityHash64(identifier) GLOBAL IN
        (
            SELECT arrayJoin(identifier_hashes) FROM landing.activity_facts WHERE (business, stored_day) GLOBAL IN (SELECT business, stored_day FROM near)
            UNION DISTINCT
            SELECT cityHash64(leads_to) FROM visited
        )
    ),
    device AS
    (
        SELECT v.business AS business, v.identifier AS identifier, min(if(i.customer_key = '', v.leads_to, i.customer_key)) AS customer_key
        FROM visited AS v
        LEFT JOIN identity AS i ON i.business = v.business AND i.identifier = v.leads_to
        GROUP BY business, identifier
    ),
    person AS
    (
        SELECT
            a.business AS business,
            a.funnel AS funnel,
            any(a.window_ms) AS window_ms,
            any(a.length) AS length,
            sipHash64(multiIf(i.customer_key != '', i.customer_key, d.customer_key != '', d.customer_key, a.identifier)) AS customer,
            arraySort(groupArray((a.at, a.step_number, a.day))) AS events
        FROM activity AS a
        LEFT JOIN identity AS i ON i.business = a.business AND i.identifier = a.identifier
        LEFT JOIN device AS d ON d.business = a.business AND d.identifier = a.identifier
        WHERE a.identifier != ''
        GROUP BY business, funnel, customer
    ),
    entry AS
    (
        SELECT
            business,
            funnel,
            customer,
            entry_day,
            -- for each step the latest beginning from which it was reached, 0 where none
            toUInt8(arrayCount(began -> began != 0, arrayFold(
                (reached, event) -> multiIf(
                    event.2 = 1, if(event.3 = entry_day, arrayMap((began, step) -> if(step = 1, event.1, began), reached, arrayEnumerate(reached)), reached),
                    reached[event.2 - 1] != 0 AND event.1 - reached[event.2 - 1] <= window_ms, arrayMap((began, step) -> if(step = event.2, reached[event.2 - 1], began), reached, arrayEnumerate(reached)),
                    reached),
                events,
                arrayResize([]::Array(Int64), length, toInt64(0))))) AS reached_level
        FROM person
        ARRAY JOIN arrayDistinct(arrayMap(event -> event.3, arrayFilter(event -> event.2 = 1, events))) AS entry_day
    )
SELECT
    s.business AS business,
    s.funnel AS funnel,
    s.day AS day,
    any(s.configuration) AS configuration,
    sumForEach(arrayMap(step_number -> toUInt64(e.reached_level >= step_number), range(1, 21))) AS reached,
    -- a day that nobody entered needs its row, too
    groupArrayIf(e.customer, e.reached_level > 0) AS customers,
    groupArrayIf(e.reached_level, e.reached_level > 0) AS levels,
    now64(3, 'UTC') AS computed_at
FROM dirty AS s
LEFT JOIN entry AS e ON e.business = s.business AND e.funnel = s.funnel AND e.entry_day = s.day
GROUP BY business, funnel, day
SETTINGS join_use_nulls = 0;

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
