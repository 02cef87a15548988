import { createWarehouseClient, type ClickHouseClient } from '../../warehouse/clickhouse-client.ts'
import { migrate } from '../../warehouse/migrator.ts'
import { newDataDir, removeDataDir, silent, startTestServer } from './server-fixture.ts'

export interface MigratedWarehouse {
  readonly client: ClickHouseClient
  query (sql: string): Promise<Array<Record<string, unknown>>>
  close (): Promise<void>
}

/** A real ClickHouse with the project's own migrations and views. */
export async function startMigratedWarehouse (): Promise<MigratedWarehouse> {
  const dataDir = await newDataDir()
  const server = await startTestServer({ dataDir })
  const client = createWarehouseClient(server)
  await migrate({ client, logger: silent })
  return {
    client,
    async query (sql) {
      const answer = await client.query({ query: sql, format: 'JSONEachRow', clickhouse_settings: { output_format_json_quote_decimals: 1, output_format_json_quote_64bit_integers: 0 } })
      return await answer.json<Record<string, unknown>>()
    },
    async close () {
      await client.close()
      await server.close()
      await removeDataDir(dataDir)
    }
  }
}
