-- What arrived in the last 24 hours
-- tab: health
-- chart: number
-- y: events_24h, dead_letters_24h, duplicates_24h
-- unit: events
-- note: All businesses. Dead letters are kept with the reason in landing.dead_letters; duplicates were counted once.
SELECT sum(h.events_24h) AS events_24h, sum(h.dead_letters_24h) AS dead_letters_24h, sum(h.duplicates_24h) AS duplicates_24h
FROM analytics.pipeline_health AS h
