import { ClickHouseLogLevel, createClient } from '@clickhouse/client'
import type { ClickHouseClient } from '@clickhouse/client'

export type { ClickHouseClient } from '@clickhouse/client'

/** How to reach a ClickHouse server over HTTP, embedded or remote. */
export interface WarehouseConnection {
  readonly url: string
  readonly user: string
  readonly password: string
  /** Name of the cluster that its tables are spread over; absent: one server. */
  readonly cluster?: string | undefined
  /** PEM of the authority that signed the server's certificate; absent: the public ones. */
  readonly caCertificate?: string | undefined
}

export interface ClientOptions {
  /** Names this client in the server's query log. */
  readonly application?: string | undefined
  /** Longest wait for an answer, in milliseconds. After it the fate of an insert is unknown, as after any connection error. */
  readonly requestTimeoutMs?: number | undefined
  readonly maxConnections?: number | undefined
}

/**
 * On a cluster an insert reaches its shards before it is acknowledged, not later from a queue on the disk of the server that was
 * asked; and at each shard it is on most of the replicas, as one replica's disk may be lost for good after the log has let go of
 * the rows. With two replicas that means both: while one is away, loading waits.
 */
const clusterSettings = { distributed_foreground_insert: 1, insert_quorum: 'auto', insert_quorum_timeout: 30_000 } as const

const loopbackHosts: readonly string[] = ['127.0.0.1', 'localhost', '[::1]']

/** A client for one stage. Connects lazily; the caller closes it. */
export function createWarehouseClient (connection: WarehouseConnection, options: ClientOptions = {}): ClickHouseClient {
  const { application = 'loyalty-warehouse', requestTimeoutMs = 60_000, maxConnections = 10 } = options
  const compress = !loopbackHosts.includes(new URL(connection.url).hostname)
  return createClient({
    url: connection.url,
    username: connection.user,
    password: connection.password,
    application,
    request_timeout: requestTimeoutMs,
    max_open_connections: maxConnections,
    // Below the keep-alive time-out of every server: 3 s before 23.11, 10 s since, 30 s embedded. A socket that the server
    // closes while a request is on its way would make the fate of an insert unknown.
    keep_alive: { enabled: true, idle_socket_ttl: 2_500, eagerly_destroy_stale_sockets: true },
    // Costs CPU on both ends, and saves nothing where both ends are one machine.
    compression: { request: compress, response: compress },
    // Its own log would print ClickHouse's words, which quote values, past our logger. Every failure is thrown to the caller.
    log: { level: ClickHouseLogLevel.OFF },
    // Servers of 26.x insert asynchronously by default: not durable in the table when acknowledged, and not to be combined
    // with deduplication tokens.
    clickhouse_settings: { async_insert: 0, ...(connection.cluster === undefined ? {} : clusterSettings) },
    ...(connection.caCertificate === undefined ? {} : { tls: { ca_cert: Buffer.from(connection.caCertificate) } })
  })
}
