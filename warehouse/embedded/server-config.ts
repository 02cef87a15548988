import { loopback } from './free-ports.ts'
import type { ServerPorts } from './free-ports.ts'
import { clickHouseXml } from './xml.ts'

export interface ServerConfigOptions {
  readonly ports: ServerPorts
  readonly usersFile: string
  readonly logFile: string
  readonly maxMemoryBytes: number
}

const mebibyte = 1024 * 1024

/** The server configuration: sized for a small machine; no system log tables. */
export function serverConfigXml ({ ports, usersFile, logFile, maxMemoryBytes }: ServerConfigOptions): string {
  const cache = Math.max(16 * mebibyte, Math.floor(maxMemoryBytes * 0.05))
  return clickHouseXml({
    listen_host: loopback,
    http_port: ports.http,
    tcp_port: ports.tcp,
    // Longer than the client's idle sockets live (clickhouse-client.ts).
    keep_alive_timeout: 30,
    users_config: usersFile,
    // Its own file, not ours: ClickHouse quotes queries in its log, and a query can name a customer.
    'log-level': 'warning',
    logger: { level: 'warning', console: 0, log: logFile, size: '10M', count: 1 },

    max_server_memory_usage: maxMemoryBytes,
    mark_cache_size: cache,
    index_mark_cache_size: cache,
    primary_index_cache_size: cache,
    uncompressed_cache_size: 0,
    mmap_cache_size: 256,
    // Checks memory twice a second instead of twenty times: idle CPU.
    memory_worker_period_ms: 500,
    asynchronous_metrics_update_period_s: 60,

    background_pool_size: 2,
    background_merges_mutations_concurrency_ratio: 2,
    background_schedule_pool_size: 8,
    max_thread_pool_size: 500,
    merge_tree: {
      // Must be below the pool size above, or the server does not start.
      number_of_free_entries_in_pool_to_execute_mutation: 1,
      number_of_free_entries_in_pool_to_lower_max_size_of_merge: 1,
      number_of_free_entries_in_pool_to_execute_optimize_entire_partition: 1
    }
  })
}
