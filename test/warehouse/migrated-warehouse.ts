import { expect } from 'vitest'
import { createWarehouseClient, type ClickHouseClient } from '../../warehouse/clickhouse-client.ts'
import { clickHouseSink } from '../../warehouse/clickhouse-sink.ts'
import { migrate } from '../../warehouse/migrations/migrator.ts'
import type { WarehouseSink } from '../../warehouse/warehouse-sink.ts'
import { startTestCluster, type TestCluster } from './cluster-fixture.ts'
import { startTestWarehouse } from './test-warehouse.ts'
import { ask, silent } from './server-fixture.ts'

export interface MigratedWarehouse {
  readonly client: ClickHouseClient
  readonly cluster?: TestCluster
  readonly sink: WarehouseSink
  query (sql: string): Promise<Array<Record<string, unknown>>>
  /** Removes every row but the bookkeeping. */
  clear (): Promise<void>
  close (): Promise<void>
}

const tablesWithRows = "SELECT name FROM system.tables WHERE database = 'landing' AND engine LIKE '%MergeTree' AND name NOT LIKE 'schema_%' AND name NOT LIKE 'migration_%'"

function queryOf (client: ClickHouseClient): MigratedWarehouse['query'] {
  return async (sql) => {
    const answer = await client.query({ query: sql, format: 'JSONEachRow', clickhouse_settings: { output_format_json_quote_decimals: 1, output_format_json_quote_64bit_integers: 0 } })
    return await answer.json<Record<string, unknown>>()
  }
}

/** A real ClickHouse, the one that was asked for, with the project's own migrations and views. */
export async function startMigratedWarehouse (): Promise<MigratedWarehouse> {
  const server = await startTestWarehouse()
  const client = createWarehouseClient(server.connection)
  await migrate({ client, connection: server.connection, logger: silent })
  const query = queryOf(client)
  return {
    client,
    sink: clickHouseSink(client),
    query,
    async clear () {
      await Promise.all((await query(tablesWithRows)).map(async ({ name }) => await client.command({ query: `TRUNCATE TABLE landing.${String(name)}` })))
    },
    async close () {
      await client.close()
      await server.close()
    }
  }
}

/** The same on two shards. */
export async function startMigratedCluster (): Promise<MigratedWarehouse & { readonly cluster: TestCluster }> {
  const cluster = await startTestCluster()
  const client = createWarehouseClient(cluster.connection)
  await migrate({ client, connection: cluster.connection, logger: silent })
  const query = queryOf(client)
  return {
    client,
    cluster,
    // As start-loading.ts does on a cluster, though the tables here keep tokens as one server does.
    sink: clickHouseSink(client, { replicated: true }),
    query,
    async clear () {
      for (const { url, user, password } of cluster.shards) {
        const names = await ask(url, user, password, tablesWithRows)
        await Promise.all(names.text.split('\n').map(async (name) => { expect(await ask(url, user, password, `TRUNCATE TABLE landing.${name}`)).toMatchObject({ code: 0 }) }))
      }
    },
    async close () {
      await client.close()
      await cluster.close()
    }
  }
}
