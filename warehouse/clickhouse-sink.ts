import { finished } from 'node:stream/promises'
import type { ClickHouseClient } from './clickhouse-client.ts'
import { classifyClickHouseError } from './clickhouse-errors.ts'
import { serverProcess } from './server-process.ts'
import type { WarehouseSink } from './warehouse-sink.ts'

export interface SinkOptions {
  /** Replicated tables keep tokens in Keeper, atomically with the rows, for all replicas and across restarts. */
  readonly replicated?: boolean
}

/** Inserts Avro containers into `landing`: ClickHouse decodes them; columns match by name, and a missing column takes its default. */
export function clickHouseSink (client: ClickHouseClient, { replicated = false }: SinkOptions = {}): WarehouseSink {
  /** A known name is kept as long as the same process answers. */
  let known: string | undefined
  let process: Promise<string> | undefined
  return {
    async insert ({ table, columns, token, container }, signal) {
      const names = columns.map((column) => `\`${column}\``).join(', ')
      const asked = replicated ? undefined : process ??= serverProcess(client, known)
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
        // The response is empty, but must be consumed for the connection to serve the next insert.
        stream.resume()
        await finished(stream)
      } catch (error) {
        // After a failure another process may answer.
        process = undefined
        throw classifyClickHouseError(error)
      }
    }
  }
}
