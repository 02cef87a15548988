-- The part of CONFIG_FILE that queries need (no secret): currency, value of a coin, time zones, names of activities, funnels.
-- Kept here, and applied when a query runs, so that a changed name or funnel counts at once and for the past as well.
--
-- One row a change, as one JSON text: a single row is inserted whole or not at all, so no query sees half a configuration.
-- Few rows ever; ordered by version, as only the highest one counts: a clock that is set back must not bring an old one back. Where two publish
-- at once, both may take the same version; then the greater text counts, for every reader, and the other publisher takes the next version.
-- No partitions.
CREATE TABLE IF NOT EXISTS landing.configuration
(
    version UInt64 COMMENT 'One more than the last',
    configured_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When it was published; only shown',
    configuration String COMMENT 'JSON: { businesses: [ { id, currency, coinValue, timezone, netcore: [ { id, identity, activities } ], funnels } ] }'
)
ENGINE = MergeTree
ORDER BY version
COMMENT 'What queries need of CONFIG_FILE';
