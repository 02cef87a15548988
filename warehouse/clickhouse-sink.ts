import { finished } from 'node:stream/promises'
import type { ClickHouseClient } from './clickhouse-client.ts'
import { classifyClickHouseError } from './clickhouse-errors.ts'
import type { WarehouseSink } from './warehouse-sink.ts'

/** Inserts Avro containers into `landing`: ClickHouse decodes them, columns match by name, a missing column takes its default. */
export function clickHouseSink (client: ClickHouseClient): WarehouseSink {
  return {
    async insert ({ table, columns, token, container }, signal) {
      const names = columns.map((column) => `\`${column}\``).join(', ')
      try {
        const { stream } = await client.exec({
          query: `INSERT INTO landing.\`${table}\` (${names}) FORMAT Avro`,
          values: container(),
          abort_signal: signal,
          clickhouse_settings: {
            // A token and asynchronous inserts together lose rows in some versions (ClickHouse #111031).
            async_insert: 0,
            insert_deduplicate: 1,
            insert_deduplication_token: token,
            // One batch may hold activities of any year; the default limit would refuse it for ever.
            max_partitions_per_insert_block: '0'
          }
        })
        // The answer is empty, but must be read for the connection to serve the next insert.
        stream.resume()
        await finished(stream)
      } catch (error) {
        throw classifyClickHouseError(error)
      }
    }
  }
}
