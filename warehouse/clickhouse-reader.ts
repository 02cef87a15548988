import { ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { AppError, type ErrorKind } from '../runtime/errors.ts'
import type { AnalyticsReader, AnalyticsValue } from './analytics-reader.ts'
import type { WarehouseConnection } from './clickhouse-client.ts'
import { serverError } from './clickhouse-errors.ts'
import { warehouseErrors } from './warehouse-errors.ts'

export const readerUser = 'bi'

/** The reader's profile allows 16 concurrent queries; BI tools share them. */
const maxConnections = 6
/** The reader's profile ends a query after 60 seconds. */
const requestTimeoutMs = 65_000

/** Maps the server's error to one that tells a reader of the page what to do. */
const said: Readonly<Record<number, readonly [ErrorKind, string]>> = {
  60: [warehouseErrors.VIEWS_MISSING, 'expected the views of analytics, which are not there yet: run the role load, or `npm run migrate`'],
  81: [warehouseErrors.VIEWS_MISSING, 'expected the database analytics, which is not there yet: run the role load, or `npm run migrate`'],
  497: [warehouseErrors.READER_REFUSED, `expected the user ${readerUser} to have SELECT on analytics.*, got none (ACCESS_DENIED): see sql/users/readers.sql`],
  192: [warehouseErrors.READER_REFUSED, `expected a user ${readerUser}, got none (UNKNOWN_USER): sql/users/readers.sql makes it`],
  193: [warehouseErrors.READER_REFUSED, `expected the password of the user ${readerUser} (WRONG_PASSWORD): set BI_PASSWORD to it`],
  194: [warehouseErrors.READER_REFUSED, `expected the password of the user ${readerUser} (REQUIRED_PASSWORD): set BI_PASSWORD to it`],
  516: [warehouseErrors.READER_REFUSED, `expected a user ${readerUser} with the password BI_PASSWORD, who may come from this address (AUTHENTICATION_FAILED): set BI_PASSWORD, or make the user with sql/users/readers.sql`],
  158: [warehouseErrors.QUERY_LIMIT_EXCEEDED, 'it reads too many rows (TOO_MANY_ROWS): choose a shorter period'],
  159: [warehouseErrors.QUERY_LIMIT_EXCEEDED, 'it took longer than the user may wait (TIMEOUT_EXCEEDED): choose a shorter period'],
  160: [warehouseErrors.QUERY_LIMIT_EXCEEDED, 'it would take longer than the user may wait (TOO_SLOW): choose a shorter period'],
  241: [warehouseErrors.QUERY_LIMIT_EXCEEDED, 'it needs more memory than the user may have (MEMORY_LIMIT_EXCEEDED): choose a shorter period'],
  396: [warehouseErrors.QUERY_LIMIT_EXCEEDED, 'its answer has too many rows (TOO_MANY_ROWS_OR_BYTES): choose a shorter period'],
  202: [warehouseErrors.WAREHOUSE_UNAVAILABLE, 'too many queries at once (TOO_MANY_SIMULTANEOUS_QUERIES): it is tried again']
}

/** Connects lazily; an unavailable server fails a query. Sends no settings, because a read-only user may change none. */
export function clickHouseReader ({ url, user, password, caCertificate }: WarehouseConnection): AnalyticsReader {
  const client = createClient({
    url,
    username: user,
    password,
    application: 'loyalty-warehouse dashboard',
    request_timeout: requestTimeoutMs,
    max_open_connections: maxConnections,
    keep_alive: { enabled: true, idle_socket_ttl: 2_500, eagerly_destroy_stale_sockets: true },
    log: { level: ClickHouseLogLevel.OFF },
    ...(caCertificate === undefined ? {} : { tls: { ca_cert: Buffer.from(caCertificate) } })
  })
  return {
    async query (sql, parameters, signal) {
      try {
        const result = await client.query({ query: sql, query_params: parameters, format: 'JSONCompact', ...(signal === undefined ? {} : { abort_signal: signal }) })
        const { meta = [], data } = await result.json<AnalyticsValue[]>()
        return { columns: meta, rows: data }
      } catch (error) {
        throw readFailure(error, url)
      }
    },
    close: async () => { await client.close() }
  }
}

function readFailure (error: unknown, url: string): AppError {
  const answer = serverError(error)
  if (answer === undefined) {
    return new AppError(warehouseErrors.WAREHOUSE_UNAVAILABLE, `ClickHouse at ${new URL(url).host} gives no answer. Webhooks are still accepted, and loaded once it is back`, { cause: error })
  }
  const [kind, text] = said[answer.code] ?? [warehouseErrors.QUERY_FAILED, `ClickHouse could not run it: ${answer.code} ${answer.type}`] as const
  return new AppError(kind, text, { cause: error, fields: { clickHouseCode: answer.code, clickHouseType: answer.type } })
}
