-- The user for CLICKHOUSE_USER on a ClickHouse of your own, with no more rights than the pipeline uses. Replace the password; run it as
-- readers.sql says. On a cluster add the last three statements, and ON CLUSTER as there.
CREATE USER IF NOT EXISTS loyalty IDENTIFIED WITH sha256_password BY 'replace me' SETTINGS priority = 1;

-- To load.
GRANT SELECT, INSERT ON landing.* TO loyalty;

-- To apply migrations and views besides. A user without them can load once another one has run `npm run migrate`.
GRANT CREATE DATABASE, CREATE TABLE, DROP TABLE, ALTER TABLE, CREATE VIEW, DROP VIEW ON landing.* TO loyalty;

GRANT CREATE DATABASE, CREATE TABLE, DROP TABLE, CREATE VIEW, DROP VIEW, SELECT, INSERT ON analytics.* TO loyalty;

GRANT CREATE DATABASE, CREATE TABLE, DROP TABLE, CREATE VIEW, DROP VIEW, SELECT, INSERT ON contacts.* TO loyalty;

-- Where the server asks for it (table_engines_require_grant).
GRANT TABLE ENGINE ON MergeTree, TABLE ENGINE ON ReplacingMergeTree, TABLE ENGINE ON AggregatingMergeTree, TABLE ENGINE ON Memory TO loyalty;

-- On a cluster.
GRANT CLUSTER, REMOTE ON *.* TO loyalty;

GRANT TABLE ENGINE ON ReplicatedMergeTree, TABLE ENGINE ON ReplicatedReplacingMergeTree, TABLE ENGINE ON ReplicatedAggregatingMergeTree, TABLE ENGINE ON Distributed TO loyalty;

-- Where the server asks for it (select_from_system_db_requires_grant).
GRANT SELECT ON system.clusters, SELECT ON system.macros TO loyalty;
