-- How far each customer got who entered a funnel on one of these days. Steps in order, others may come between; the window begins with the first step
-- and is a hard filter; activities of the same moment count in step order. One who enters several times on a day counts with the best.
-- An activity without a time of its own has no place in an order and is left out.
INSERT INTO landing.funnel_days
WITH
    asked AS (SELECT arrayJoin({days:Array(Date)}) AS day),
    funnel AS (SELECT *, toUInt16(ceil(window_ms / 86400000)) AS window_days FROM landing.funnels WHERE business = {business:String} AND funnel = {funnel:String}),
    -- the days of what counts for them: an activity near midnight is stored under another day in the time zone of the business
    near AS (SELECT DISTINCT arrayJoin(arrayMap(ahead -> day - 1 + ahead, range((SELECT any(window_days) FROM funnel) + 3))) AS stored_day FROM asked),
    -- what counts as which step; a constant, as the activities are many
    (
        SELECT groupArray((n.source, n.activity_id, s.identity_kind, f.window_ms, length(f.steps), indexOf(f.steps, n.step)))
        FROM landing.activity_steps AS n
        INNER JOIN funnel AS f ON f.business = n.business
        LEFT JOIN landing.netcore_sources AS s ON s.business = n.business AND s.source = n.source
        WHERE has(f.steps, n.step)
    ) AS counted,
    counted_step AS (SELECT one.1 AS source, one.2 AS activity_id, one.3 AS identity_kind, one.4 AS window_ms, one.5 AS length, one.6 AS step_number FROM (SELECT arrayJoin(counted) AS one)),
    activity AS
    (
        SELECT
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
            WHERE business = {business:String} AND stored_day GLOBAL IN (SELECT stored_day FROM near)
        ) AS a
        INNER JOIN counted_step AS n ON n.source = a.source AND n.activity_id = a.activity_id
    ),
    visited AS
    (
        SELECT identifier, leads_to
        FROM landing.device_identifiers
        -- by hash, as hashes are there already and texts are slow to search
        WHERE business = {business:String} AND cityHash64(guid) GLOBAL IN (SELECT guid_hash FROM landing.activity_facts WHERE business = {business:String} AND stored_day GLOBAL IN (SELECT stored_day FROM near) AND email_hash = '')
    ),
    identity AS
    (
        SELECT identifier, customer_key
        FROM landing.identities
        WHERE business = {business:String} AND cityHash64(identifier) GLOBAL IN
        (
            SELECT arrayJoin(identifier_hashes) FROM landing.activity_facts WHERE business = {business:String} AND stored_day GLOBAL IN (SELECT stored_day FROM near)
            UNION DISTINCT
            SELECT cityHash64(leads_to) FROM visited
        )
    ),
    device AS
    (
        SELECT v.identifier AS identifier, min(if(i.customer_key = '', v.leads_to, i.customer_key)) AS customer_key
        FROM visited AS v
        LEFT JOIN identity AS i ON i.identifier = v.leads_to
        GROUP BY identifier
    ),
    person AS
    (
        SELECT
            any(a.window_ms) AS window_ms,
            any(a.length) AS length,
            sipHash64(multiIf(i.customer_key != '', i.customer_key, d.customer_key != '', d.customer_key, a.identifier)) AS customer,
            arraySort(groupArray((a.at, a.step_number, a.day))) AS events
        FROM activity AS a
        LEFT JOIN identity AS i ON i.identifier = a.identifier
        LEFT JOIN device AS d ON d.identifier = a.identifier
        WHERE a.identifier != ''
        GROUP BY customer
    ),
    entry AS
    (
        SELECT
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
    {business:String} AS business,
    {funnel:String} AS funnel,
    s.day AS day,
    (SELECT any(configuration) FROM funnel) AS configuration,
    sumForEach(arrayMap(step_number -> toUInt64(e.reached_level >= step_number), range(1, 21))) AS reached,
    -- a day that nobody entered needs its row, too; in one order, so that the same day is the same row
    arrayMap(one -> one.1, arraySort(groupArrayIf((e.customer, e.reached_level), e.reached_level > 0))) AS customers,
    arrayMap(one -> one.2, arraySort(groupArrayIf((e.customer, e.reached_level), e.reached_level > 0))) AS levels,
    -- later than any row before, whatever the clock says
    greatest(now64(3, 'UTC'), (SELECT max(computed_at) FROM landing.funnel_days) + toIntervalMillisecond(1)) AS computed_at
FROM asked AS s
LEFT JOIN entry AS e ON e.entry_day = s.day
GROUP BY day
SETTINGS join_use_nulls = 0
