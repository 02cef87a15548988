-- The readers of a ClickHouse of your own. The embedded one has them already; nothing runs this file by itself, as users are yours.
-- Replace both passwords, then run it once as a user who may create users (access_management):
--
--     clickhouse-client --host clickhouse.example --secure --user admin --password --multiquery < sql/users/readers.sql
--
-- On a cluster whose users are not shared through Keeper (<user_directories><replicated>), every server needs them: write
-- ON CLUSTER `your-cluster` after each name below, as in CREATE USER IF NOT EXISTS bi ON CLUSTER `your-cluster` IDENTIFIED …, and after the
-- word GRANT. The views read with the rights of the user who applied them (SQL SECURITY DEFINER), so readers need none on landing.

-- Limits that a reader cannot raise. READONLY on a setting refuses to change it, MAX lets it be lowered; readonly = 2 lets BI tools
-- change the settings that only say how an answer looks, and refuses every write.
CREATE SETTINGS PROFILE IF NOT EXISTS loyalty_reader SETTINGS
    readonly = 2 READONLY,
    allow_ddl = 0 READONLY,
    allow_introspection_functions = 0 READONLY,
    max_execution_time = 60 MIN 1 MAX 60,
    timeout_overflow_mode = 'throw' READONLY,
    max_memory_usage = 4000000000 READONLY,
    max_memory_usage_for_user = 8000000000 READONLY,
    max_untracked_memory = 4194304 READONLY,
    max_result_rows = 1048576 MIN 1 MAX 1048576,
    result_overflow_mode = 'throw',
    max_concurrent_queries_for_user = 16 READONLY,
    -- settings under which a view would answer something else, or with a part of its rows
    prefer_column_name_to_alias = 0 READONLY,
    aggregate_functions_null_for_empty = 0 READONLY,
    enable_analyzer = 1 READONLY,
    read_overflow_mode = 'throw' READONLY,
    group_by_overflow_mode = 'throw' READONLY,
    sort_overflow_mode = 'throw' READONLY,
    set_overflow_mode = 'throw' READONLY,
    join_overflow_mode = 'throw' READONLY,
    distinct_overflow_mode = 'throw' READONLY,
    -- loading goes before reading
    priority = 10 READONLY,
    low_priority_query_wait_time_ms = 100 READONLY,
    os_thread_priority = 15 READONLY,
    cancel_http_readonly_queries_on_client_close = 1;

-- For people and BI tools: no e-mail, mobile or name in clear.
CREATE USER IF NOT EXISTS bi IDENTIFIED WITH sha256_password BY 'replace me' SETTINGS PROFILE 'loyalty_reader';

GRANT SELECT ON analytics.* TO bi;

-- For those who must reach a person. Leave both statements out where nobody must.
CREATE USER IF NOT EXISTS crm IDENTIFIED WITH sha256_password BY 'replace me too' SETTINGS PROFILE 'loyalty_reader';

GRANT SELECT ON contacts.* TO crm;

-- Drivers look a query up in system.processes to cancel it. Each reader sees its own there, and no other user's.
GRANT SELECT ON system.processes TO bi, crm;

CREATE ROW POLICY IF NOT EXISTS loyalty_own_queries ON system.processes USING user = currentUser() TO bi, crm;

-- From 25.9 on only; leave it out on an earlier server, which does not know the setting. 26.7 mixes up the columns of a view's inner joins
-- with those of the query around it when it reorders joins, as in a query that joins a view of analytics with itself.
ALTER SETTINGS PROFILE IF EXISTS loyalty_reader ADD SETTINGS query_plan_optimize_join_order_limit = 1;
