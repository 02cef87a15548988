-- Events of the last 24 hours by webhook source
-- tab: health
-- chart: bar
-- x: source
-- y: events_24h, dead_letters_24h, duplicates_24h
-- unit: events
-- note: All businesses.
SELECT source, events_24h, dead_letters_24h, duplicates_24h
FROM analytics.pipeline_health
ORDER BY events_24h DESC, source
LIMIT 50
