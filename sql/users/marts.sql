-- The user who writes tables of one's own on a ClickHouse of your own, such as dbt's: reads analytics, owns the database marts. The embedded one has
-- it where MARTS_PASSWORD is set. Replace the password, and run it as readers.sql says, after readers.sql; on a cluster with ON CLUSTER as there.
CREATE SETTINGS PROFILE IF NOT EXISTS loyalty_marts SETTINGS
    allow_introspection_functions = 0 READONLY,
    max_execution_time = 600 MIN 1 MAX 600,
    timeout_overflow_mode = 'throw',
    max_memory_usage = 4000000000 MAX 4000000000,
    max_memory_usage_for_user = 8000000000 READONLY,
    max_concurrent_queries_for_user = 16 READONLY,
    -- loading goes before the rest
    priority = 10 READONLY,
    low_priority_query_wait_time_ms = 100 READONLY,
    os_thread_priority = 15 READONLY,
    cancel_http_readonly_queries_on_client_close = 1;

CREATE USER IF NOT EXISTS marts IDENTIFIED WITH sha256_password BY 'replace me' SETTINGS PROFILE 'loyalty_marts';

CREATE DATABASE IF NOT EXISTS marts;

GRANT SELECT ON analytics.* TO marts;

GRANT ALL ON marts.* TO marts;

-- Where the server asks for it (table_engines_require_grant): what keeps data in this server. Others read files and other servers.
GRANT TABLE ENGINE ON MergeTree, TABLE ENGINE ON ReplacingMergeTree, TABLE ENGINE ON SummingMergeTree, TABLE ENGINE ON AggregatingMergeTree, TABLE ENGINE ON Memory TO marts;

-- As for the readers: its own queries alone.
GRANT SELECT ON system.processes TO marts;

CREATE ROW POLICY IF NOT EXISTS loyalty_own_marts_queries ON system.processes USING user = currentUser() TO marts;

-- From 25.9 on only, as in readers.sql.
ALTER SETTINGS PROFILE IF EXISTS loyalty_marts ADD SETTINGS query_plan_optimize_join_order_limit = 1;
