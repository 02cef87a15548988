-- Do webhooks arrive from every source, and is any of them set aside?
-- Dead letters are events that no table takes; landing.dead_letters, which bi cannot read, has the reasons.
SELECT
    source,
    last_received_at,
    dateDiff('second', last_received_at, now64(3)) AS seconds_since,
    dateDiff('millisecond', last_received_at, last_loaded_at) AS last_took_ms,
    events_24h,
    dead_letters_24h,
    duplicates_24h
FROM analytics.pipeline_health
ORDER BY source;
