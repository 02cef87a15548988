import { expect, vi } from 'vitest'
import { createWarehouseClient, type ClickHouseClient, type WarehouseConnection } from '../../warehouse/clickhouse-client.ts'
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
  /** Resolves when the figures that are kept ahead of queries say what the tables say. */
  refresh (): Promise<void>
  /** From now on `refresh` works out only what came after the last one (else for a minute all that came counts as new), in small portions. */
  inSmallSteps (): Promise<void>
  /** Removes every row but the bookkeeping. */
  clear (): Promise<void>
  close (): Promise<void>
}

const tablesWithRows = "SELECT name FROM system.tables WHERE database = 'landing' AND engine LIKE '%MergeTree' AND name NOT LIKE 'schema_%' AND name NOT LIKE 'migration_%'"

/** What is worked out ahead, and by what its rows are known; in the order of what they read. */
const figures = {
  changed_days: 'facts, business, day',
  moved_records: 'facts, record_hash',
  coin_days: 'business, day',
  coin_leads: 'business, lead_id',
  order_days: 'business, day',
  referral_figures: 'business, record_key',
  funnel_days: 'business, funnel, day'
} as const

/** So that `refresh` alone works figures out: a refresh of the server's own that had read what `clear` removes would write it again. */
async function stopRefreshing ({ url, user, password }: WarehouseConnection): Promise<void> {
  // Stopped between two runs: one that is cancelled closes its connection to the other shard, and the embedded ClickHouse ends over that, as a server does not.
  const tell = async (statement: string): Promise<void> => { expect(await ask(url, user, password, statement)).toMatchObject({ code: 0 }) }
  const views = Object.keys(figures).map((table) => `landing.refresh_${table}`)
  for (const view of views) await tell(`ALTER TABLE ${view} MODIFY REFRESH EVERY 1 YEAR APPEND`)
  await vi.waitFor(async () => {
    expect((await ask(url, user, password, "SELECT view FROM system.view_refreshes WHERE database = 'landing' AND status != 'Scheduled'")).text).toBe('')
  }, { timeout: 60_000, interval: 100 })
  for (const view of views) {
    await tell(`SYSTEM STOP VIEW ${view}`)
    await tell(`ALTER TABLE ${view} MODIFY REFRESH EVERY 5 SECOND APPEND`)
  }
  await vi.waitFor(async () => {
    expect((await ask(url, user, password, "SELECT view FROM system.view_refreshes WHERE database = 'landing' AND status != 'Disabled'")).text).toBe('')
  }, { timeout: 60_000, interval: 100 })
}

async function inSmallSteps (client: ClickHouseClient): Promise<void> {
  await client.command({ query: 'CREATE OR REPLACE VIEW landing.grace_period AS SELECT 0 AS seconds, 0 AS all_seconds' })
  await client.command({ query: 'CREATE OR REPLACE VIEW landing.portions AS SELECT 30 AS members, 30 AS referrals' })
}

const times: Readonly<Record<string, string>> = { changed_days: 'loaded_at', moved_records: 'found_at' }

/** Of funnel days, and of members and referrals `inSmallSteps`. */
const smallestPortion = 30

/**
 * Does what the refreshable views do every few seconds, a portion at a time, until no portion brings anything that this
 * refresh had not worked out before.
 */
function refreshOf (client: ClickHouseClient, query: MigratedWarehouse['query']): MigratedWarehouse['refresh'] {
  return async () => {
    for (const [table, key] of Object.entries(figures)) {
      const time = times[table] ?? 'computed_at'
      const [now] = await query("SELECT now64(3, 'UTC') AS now")
      const append = async (): Promise<number> => {
        await client.command({ query: `INSERT INTO landing.${table} SELECT * FROM landing.dirty_${table}` })
        const [row] = await query(`SELECT uniqExact(${key}) AS done FROM landing.${table} WHERE ${time} >= '${String(now?.['now'])}'`)
        return Number(row?.['done'])
      }
      // of changed days and moved records nothing must be left; of the others, less than the smallest portion leaves nothing for another
      const least = table in times ? 1 : smallestPortion
      for (let before = 0, done = await append(); done - before >= least; before = done, done = await append());
    }
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
  await stopRefreshing(server.connection)
  const query = queryOf(client)
  return {
    client,
    sink: clickHouseSink(client),
    query,
    refresh: refreshOf(client, query),
    inSmallSteps: async () => { await inSmallSteps(client) },
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
  for (const shard of cluster.shards) await stopRefreshing(shard)
  const query = queryOf(client)
  return {
    client,
    cluster,
    // As start-loading.ts does on a cluster, though the tables here keep tokens as one server does.
    sink: clickHouseSink(client, { replicated: true }),
    query,
    refresh: refreshOf(client, query),
    inSmallSteps: async () => { await inSmallSteps(client) },
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
