import { finished } from 'node:stream/promises'
import type { ClickHouseClient } from './clickhouse-client.ts'
import { classifyClickHouseError } from './clickhouse-errors.ts'
import type { WarehouseSink } from './warehouse-sink.ts'
import { selectRows } from './warehouse-tables.ts'

/** Two measured starts of one process differ by less than a second, as uptime() counts whole ones; the rest is for a busy server. */
const sameProcessMs = 1_500

/**
 * Names the server process that will take an insert, by its start in milliseconds since 1970. A MergeTree without replication
 * writes a token down before the rows themselves are in place; where the server is killed in between, it would take a repetition
 * under the same token for rows that it has, and lose them. So tokens hold for one server process only. A name too many costs no
 * more than rows twice, which landing's keys make one.
 *
 * @param known The name that was found before: kept for as long as it is the same process that answers.
 */
async function serverStart (client: ClickHouseClient, known: number | undefined): Promise<number> {
  const [row] = await selectRows<{ start: string }>(client, 'SELECT toUnixTimestamp64Milli(now64(3)) - 1000 * uptime() AS start')
  const start = Number(row?.start)
  return known !== undefined && Math.abs(start - known) < sameProcessMs ? known : start
}

export interface SinkOptions {
  /** The tables are replicated: they keep tokens in Keeper, in one step with the rows, for all replicas and over restarts. */
  readonly replicated?: boolean
}

/** Inserts Avro containers into `landing`: ClickHouse decodes them, columns match by name, a missing column takes its default. */
export function clickHouseSink (client: ClickHouseClient, { replicated = false }: SinkOptions = {}): WarehouseSink {
  let known: number | undefined
  let start: Promise<number> | undefined
  return {
    async insert ({ table, columns, token, container }, signal) {
      const names = columns.map((column) => `\`${column}\``).join(', ')
      const asked = replicated ? undefined : start ??= serverStart(client, known)
      try {
        if (asked !== undefined) known = await asked
        const insertToken = asked === undefined ? token : `${known}:${token}`
        const { stream } = await client.exec({
          query: `INSERT INTO landing.\`${table}\` (${names}) FORMAT Avro`,
          values: container(),
          abort_signal: signal,
          clickhouse_settings: {
            // A token and asynchronous inserts together lose rows in some versions (ClickHouse #111031).
            async_insert: 0,
            insert_deduplicate: 1,
            insert_deduplication_token: insertToken,
            deduplicate_blocks_in_dependent_materialized_views: 1,
            // One batch may hold activities of any year; the default limit would refuse it for ever.
            max_partitions_per_insert_block: '0'
          }
        })
        // The answer is empty, but must be read for the connection to serve the next insert.
        stream.resume()
        await finished(stream)
      } catch (error) {
        // After a failure it may be another process that answers next.
        start = undefined
        throw classifyClickHouseError(error)
      }
    }
  }
}
