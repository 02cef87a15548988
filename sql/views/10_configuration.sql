-- The parts of the last configuration as tables.

CREATE OR REPLACE VIEW landing.businesses AS
SELECT
    JSONExtractString(item, 'id') AS business,
    JSONExtractString(item, 'currency') AS currency,
    toDecimal128(JSONExtractString(item, 'coinValue'), 10) AS coin_value,
    JSONExtractString(item, 'timezone') AS timezone,
    JSONExtractArrayRaw(item, 'netcore') AS netcore,
    JSONExtractArrayRaw(item, 'funnels') AS funnels
FROM
(
    SELECT arrayJoin(JSONExtractArrayRaw(configuration, 'businesses')) AS item
    FROM (SELECT configuration FROM landing.configuration ORDER BY version DESC, configuration DESC LIMIT 1)
);

CREATE OR REPLACE VIEW landing.netcore_sources AS
SELECT
    business,
    JSONExtractString(item, 'id') AS source,
    JSONExtractString(item, 'identity') AS identity_kind,
    JSONExtract(item, 'activities', 'Map(String, String)') AS activities
FROM (SELECT business, arrayJoin(netcore) AS item FROM landing.businesses);

CREATE OR REPLACE VIEW landing.activity_steps AS
SELECT business, source, activity.1 AS activity_id, activity.2 AS step
FROM landing.netcore_sources
ARRAY JOIN activities AS activity
SETTINGS join_use_nulls = 0;

CREATE OR REPLACE VIEW landing.funnels AS
SELECT
    business,
    JSONExtractString(item, 'name') AS funnel,
    toInt64(round(JSONExtractFloat(item, 'windowHours') * 3600000)) AS window_ms,
    JSONExtract(item, 'steps', 'Array(String)') AS steps,
    -- changes with all that the figures of the funnel depend on
    cityHash64(item, toString(netcore)) AS configuration
FROM (SELECT business, netcore, arrayJoin(funnels) AS item FROM landing.businesses);
