import { createHash } from 'node:crypto'
import { AppError } from '../../runtime/errors.ts'
import { clickHouseXml } from './xml.ts'
import type { XmlValue } from './xml.ts'
import { configErrors } from '../../config/config-errors.ts'

export const internalUser = 'loyalty'

export interface UsersOptions {
  readonly internalPassword: string
  readonly biPassword: string
  /** Without it user `crm` does not exist. */
  readonly crmPassword?: string | undefined
  /** Without it user `marts` does not exist. */
  readonly martsPassword?: string | undefined
  readonly maxMemoryBytes: number
}

/** Longest query of `bi` and `crm`, in seconds. */
export const readerMaxSeconds = 60
/** Longest statement of `marts`, in seconds. */
const martsMaxSeconds = 600
/** What Metabase asks for, and one more. */
const readerMaxResultRows = 1_048_576

/**
 * Settings that clients and BI tools send, and settings that change only the format of a result. None changes what a view answers. An allow-list,
 * because some other settings read files of this machine (format_template_resultset, format_schema), lift limits (max_untracked_memory), or
 * change the meaning of a view (prefer_column_name_to_alias, aggregate_functions_null_for_empty, enable_analyzer).
 */
export const readerMayChange = [
  'enable_http_compression', 'http_zlib_compression_level', 'http_response_buffer_size', 'http_write_exception_in_output_format',
  'http_headers_progress_interval_ms', 'send_progress_in_http_headers', 'cancel_http_readonly_queries_on_client_close',
  'network_compression_method', 'interactive_delay', 'connect_timeout', 'receive_timeout', 'send_timeout', 'send_logs_level',
  'low_cardinality_allow_in_native_format', 'join_use_nulls', 'group_by_use_nulls', 'transform_null_in', 'extremes', 'limit', 'offset', 'final',
  'session_timezone', 'date_time_output_format', 'max_block_size', 'log_comment', 'use_query_cache', 'select_sequential_consistency',
  'output_format_json_quote_64bit_integers', 'output_format_json_quote_64bit_floats', 'output_format_json_quote_denormals',
  'output_format_json_quote_decimals', 'output_format_json_escape_forward_slashes', 'output_format_json_named_tuples_as_objects',
  'output_format_json_skip_null_value_in_named_tuples', 'output_format_native_write_json_as_string',
  'output_format_binary_write_json_as_string', 'output_format_native_encode_types_in_binary_format',
  'output_format_arrow_string_as_string', 'output_format_parquet_string_as_string', 'output_format_arrow_low_cardinality_as_dictionary',
  'output_format_csv_crlf_end_of_line', 'output_format_decimal_trailing_zeros', 'format_csv_delimiter',
  // /play, the server's own page
  'add_http_cors_header', 'enable_reads_from_query_cache', 'enable_writes_to_query_cache', 'query_cache_ttl',
  'query_cache_nondeterministic_function_handling', 'query_cache_system_table_handling',
  // dbt, and JDBC with setMaxRows
  'mutations_sync', 'alter_sync', 'lightweight_deletes_sync', 'result_overflow_mode'
] as const

function sha256Hex (text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

/** A ClickHouse user: password as a hash, loopback only. */
function user (setting: string, password: string, profile: string, grants: readonly string[]) {
  if (password === '') throw new AppError(configErrors.CONFIG_INVALID, `${setting} must not be empty`)
  return {
    password_sha256_hex: sha256Hex(password),
    networks: { ip: ['127.0.0.1', '::1'] },
    profile,
    quota: 'default',
    grants: { query: grants }
  }
}

/**
 * 26.7 mixes up the columns of a view's inner joins with those of the query around it when it reorders joins ("Left and right columns
 * have same names", code 49), as in a query that joins a view of `analytics` with itself.
 */
const joinOrder = { query_plan_optimize_join_order_limit: 1 }

/** Maximum query size in bytes: of BI tools, and of a migration with its comments. */
const maxQuerySize = 1024 * 1024

/**
 * Loading has priority: a reader's query waits a little while an insert runs, and its threads are niced if the process may
 * do so (CAP_SYS_NICE). Measured: four heavy readers on two cores tripled insert time; with this it stays unchanged.
 */
const readingPriority = { priority: 10, low_priority_query_wait_time_ms: 100, os_thread_priority: 15 }
const loadingPriority = { priority: 1 }

/** Limits of every user except the internal one. */
function limits (maxMemoryBytes: number) {
  return {
    ...readingPriority,
    max_query_size: maxQuerySize,
    ...joinOrder,
    timeout_overflow_mode: 'throw',
    max_memory_usage: Math.floor(maxMemoryBytes * 0.4),
    max_memory_usage_for_user: Math.floor(maxMemoryBytes * 0.6),
    max_concurrent_queries_for_user: 16,
    allow_introspection_functions: 0,
    cancel_http_readonly_queries_on_client_close: 1
  }
}

/** Limits that a reader cannot raise: `readonly` 1 refuses every setting that is not declared changeable. */
function readerProfile (maxMemoryBytes: number): XmlValue {
  const changeable = Object.fromEntries(readerMayChange.map((name) => [name, { changeable_in_readonly: null }]))
  return {
    readonly: 1,
    ...limits(maxMemoryBytes),
    max_execution_time: readerMaxSeconds,
    max_result_rows: readerMaxResultRows,
    result_overflow_mode: 'throw',
    constraints: {
      ...changeable,
      // 0 would mean no limit.
      max_execution_time: { min: 1, max: readerMaxSeconds, changeable_in_readonly: null },
      max_result_rows: { min: 1, max: readerMaxResultRows, changeable_in_readonly: null }
    }
  }
}

/** `marts` may change settings, as dbt does, but lift no limit; a model may take longer than a query. */
function martsProfile (maxMemoryBytes: number): XmlValue {
  const own = limits(maxMemoryBytes)
  return {
    ...own,
    async_insert: 0,
    max_execution_time: martsMaxSeconds,
    constraints: {
      max_execution_time: { min: 1, max: martsMaxSeconds },
      max_memory_usage: { min: 1, max: own.max_memory_usage },
      priority: { const: null },
      os_thread_priority: { const: null },
      max_memory_usage_for_user: { const: null },
      max_concurrent_queries_for_user: { const: null },
      allow_introspection_functions: { const: null }
    }
  }
}

/** Engines that keep data in this server: others read files and other servers. */
const martsEngines = ['MergeTree', 'ReplacingMergeTree', 'SummingMergeTree', 'AggregatingMergeTree', 'Memory'] as const

/** Drivers look a query up here to cancel it: a user sees and ends only its own. */
const ownQueries = { databases: { system: { processes: { filter: 'user = currentUser()' } } } }
const seesOwnQueries = 'GRANT SELECT ON system.processes'

/**
 * The users file. `default` is mandatory: the server runs its start-up commands as `default` without a password.
 * So it may do only those, and its profile limits a query to one byte, which only the start-up command line overrides:
 * over HTTP and TCP it can run nothing.
 */
export function usersConfigXml (options: UsersOptions): string {
  const bi = user('BI_PASSWORD', options.biPassword, 'reader', ['GRANT SELECT ON analytics.*', seesOwnQueries])
  const crm = options.crmPassword === undefined ? undefined : user('CRM_PASSWORD', options.crmPassword, 'reader', ['GRANT SELECT ON contacts.*', seesOwnQueries])
  const marts = options.martsPassword === undefined ? undefined : user('MARTS_PASSWORD', options.martsPassword, 'marts', ['GRANT SELECT ON analytics.*', 'GRANT ALL ON marts.*', ...martsEngines.map((engine) => `GRANT TABLE ENGINE ON ${engine}`), seesOwnQueries])
  return clickHouseXml({
    profiles: {
      // 26.x has asynchronous inserts on by default; an insert must be in its table when acknowledged, and
      // asynchronous inserts do not work with deduplication tokens.
      // The start-up command line's small max_query_size would otherwise apply to every user.
      default: { async_insert: 0, max_query_size: maxQuerySize, ...joinOrder, ...loadingPriority },
      bootstrap: { max_query_size: 1, constraints: { max_query_size: { const: null } } },
      reader: readerProfile(options.maxMemoryBytes),
      marts: martsProfile(options.maxMemoryBytes)
    },
    quotas: { default: null },
    users: {
      default: {
        password_sha256_hex: sha256Hex(''),
        networks: { ip: '127.0.0.1' },
        profile: 'bootstrap',
        quota: 'default',
        grants: { query: ['GRANT SYSTEM LISTEN ON *.*', 'GRANT CREATE TEMPORARY TABLE ON *.*', 'GRANT READ ON FILE'] }
      },
      [internalUser]: user('the internal password', options.internalPassword, 'default', ['GRANT ALL ON *.*']),
      bi: { ...bi, ...ownQueries },
      ...(crm === undefined ? {} : { crm: { ...crm, ...ownQueries } }),
      ...(marts === undefined ? {} : { marts: { ...marts, ...ownQueries } })
    }
  })
}
