import { createWarehouseClient, type ClickHouseClient } from '../../warehouse/clickhouse-client.ts'
import { clickHouseSink } from '../../warehouse/clickhouse-sink.ts'
import { migrate } from '../../warehouse/migrator.ts'
import type { WarehouseSink } from '../../warehouse/warehouse-sink.ts'
import { startTestCluster, type TestCluster } from './cluster-fixture.ts'
import { startTestWarehouse } from './test-warehouse.ts'
import { ask, silent } from './server-fixture.ts'

export interface MigratedWarehouse {
  readonly client: ClickHouseClient
  readonly sink: WarehouseSink
  query (sql: string): Promise<Array<Record<string, unknown>>>
  /** Resolves when the figures that are kept ahead of queries say what the tables say. */
  refresh (): Promise<void>
  /** Removes every row but the bookkeeping. */
  clear (): Promise<void>
  close (): Promise<void>
}

const tablesWithRows = "SELECT name FROM system.tables WHERE database = 'landing' AND engine LIKE '%MergeTree' AND name NOT LIKE 'schema_%' AND name NOT LIKE 'migration_%'"

/** In the order of what they read. */
const figures = ['identity_keys', 'loads', 'coin_days', 'coin_leads', 'order_days', 'referral_figures', 'funnel_levels'] as const

/** What the refreshable views do by themselves every few seconds; identities as often as a chain of them may be long. */
function refreshOf (client: ClickHouseClient): MigratedWarehouse['refresh'] {
  const append = async (table: string): Promise<void> => { await client.command({ query: `INSERT INTO landing.${table} SELECT * FROM landing.due_${table}` }) }
  return async () => {
    for (let hop = 0; hop < 6; hop++) await append('identity_keys')
    for (const table of figures) await append(table)
  }
}

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
    refresh: refreshOf(client),
    async clear () {
      for (const { name } of await query(tablesWithRows)) await client.command({ query: `TRUNCATE TABLE landing.${String(name)}` })
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
  return {
    client,
    cluster,
    // As start-loading.ts does on a cluster, though the tables here keep tokens as one server does.
    sink: clickHouseSink(client, { replicated: true }),
    query: queryOf(client),
    refresh: refreshOf(client),
    async clear () {
      for (const { url, user, password } of cluster.shards) {
        const names = await ask(url, user, password, tablesWithRows)
        for (const name of names.text.split('\n')) await ask(url, user, password, `TRUNCATE TABLE landing.${name}`)
      }
    },
    async close () {
      await client.close()
      await cluster.close()
    }
  }
}
