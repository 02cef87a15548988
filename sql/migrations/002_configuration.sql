-- The part of CONFIG_FILE that queries need (no secret): currency, value of a coin, time zones, names of activities, funnels.
-- Kept here, and applied when a query runs, so that a changed name or funnel counts at once and for the past as well.
--
-- One row a change, as one JSON text: a single row is inserted whole or not at all, so no query sees half a configuration.
-- Few rows ever; ordered by time, as only the last one counts. No partitions.
CREATE TABLE IF NOT EXISTS landing.configuration
(
    configured_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'From when on it counts',
    configuration String COMMENT 'JSON: { businesses: [ { id, currency, coinValue, timezone, netcore: [ { id, identity, activities } ], funnels } ] }'
)
ENGINE = MergeTree
ORDER BY configured_at
COMMENT 'What queries need of CONFIG_FILE';
