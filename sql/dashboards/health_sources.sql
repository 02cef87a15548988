-- Freshness of each webhook source
-- tab: health
-- chart: table
-- y: source, last_received_at, last_loaded_at, minutes_silent, events_24h, dead_letters_24h, duplicates_24h
-- note: All businesses. Times are UTC.
SELECT
    source,
    last_received_at,
    last_loaded_at,
    greatest(0, dateDiff('minute', last_received_at, now64(3, 'UTC'))) AS minutes_silent,
    events_24h,
    dead_letters_24h,
    duplicates_24h
FROM analytics.pipeline_health
ORDER BY source
LIMIT 200
