-- Whether webhooks arrive and reach the tables.
CREATE OR REPLACE VIEW analytics.pipeline_health
(
    source           LowCardinality(String) COMMENT 'Webhook source of CONFIG_FILE',
    last_received_at DateTime64(3, 'UTC')   COMMENT 'When its last webhook arrived, UTC',
    last_loaded_at   DateTime64(3, 'UTC')   COMMENT 'When the last of its webhooks was loaded, UTC',
    events_24h       UInt64                 COMMENT 'Events that arrived in the last 24 hours, each once',
    dead_letters_24h UInt64                 COMMENT 'Events of the last 24 hours that no table takes',
    duplicates_24h   Int64                  COMMENT 'Events that arrived again within the last 24 hours, well-formed or not, and were counted once'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    w.source AS source,
    -- cast, as the table behind says SimpleAggregateFunction, which drivers do not know
    CAST(w.last_received_at, 'DateTime64(3, \'UTC\')') AS last_received_at,
    CAST(w.last_loaded_at, 'DateTime64(3, \'UTC\')') AS last_loaded_at,
    r.events AS events_24h,
    d.dead_letters AS dead_letters_24h,
    r.duplicates AS duplicates_24h
FROM (SELECT source, max(last_received_at) AS last_received_at, max(last_loaded_at) AS last_loaded_at FROM landing.source_arrivals GROUP BY source) AS w
LEFT JOIN
(
    -- What arrived is an event or a dead letter, each once, or a duplicate of one.
    SELECT source, uniqExactIf(id, loaded) AS events, toInt64(count() - uniqExact(id, loaded)) AS duplicates
    FROM
    (
        SELECT source, arrayJoin(arrayConcat(arrayMap(id -> (id, true), event_ids), arrayMap(id -> (id, false), dead_letter_ids))) AS arrival, arrival.1 AS id, arrival.2 AS loaded
        FROM landing.receipts FINAL
        WHERE received_at > now() - INTERVAL 24 HOUR
    )
    GROUP BY source
) AS r ON r.source = w.source
LEFT JOIN
(
    SELECT ifNull(source, '') AS source, uniqExact(dead_letter_id) AS dead_letters
    FROM landing.dead_letters
    WHERE failed_at > now() - INTERVAL 24 HOUR
    GROUP BY source
) AS d ON d.source = w.source
SETTINGS join_use_nulls = 0
COMMENT 'Whether webhooks arrive and reach the tables, a row a source';
