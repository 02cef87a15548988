import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageRoot } from '../../runtime/package-root.ts'
import { encodeRecord } from '../../transform/message-encoder.ts'
import { createSources } from '../../vendors/source.ts'
import { transform } from '../../transform/transform.ts'
import { createWarehouseClient } from '../../warehouse/clickhouse-client.ts'
import { clusterStatements } from '../../warehouse/cluster/cluster-statements.ts'
import { migrate } from '../../warehouse/migrations/migrator.ts'
import { publishConfiguration } from '../../warehouse/publish-configuration.ts'
import { splitStatements } from '../../warehouse/migrations/sql-statements.ts'
import { nectorCommon, nectorRaw, nectorSamples, netcoreRaw, netcoreSample, testBusinesses, topicOfSample } from '../samples/samples.ts'
import { withoutOnCluster, type TestCluster } from './cluster-fixture.ts'
import { createLoading } from './loading.ts'
import { startMigratedCluster, startMigratedWarehouse, type MigratedWarehouse } from './migrated-warehouse.ts'
import { ask, silent } from './server-fixture.ts'

let single: MigratedWarehouse
let spread: MigratedWarehouse & { readonly cluster: TestCluster }
beforeAll(async () => {
  single = await startMigratedWarehouse()
  spread = await startMigratedCluster()
})
afterAll(async () => {
  await single.close()
  await spread.close()
})

/** Samples of the vendors, and thirty customers with a few events each, some of them twice and some under new identifiers. */
const raws = [
  ...Object.entries(nectorSamples).map(([name, payload]) => nectorRaw(topicOfSample(name), { ...nectorCommon, ...payload }, { delivery_id: name })),
  netcoreRaw(netcoreSample),
  ...Array.from({ length: 30 }, (_, n) => [
    nectorRaw('lead_create', { _id: `lead-${n}`, eid: `eid-${n}`, mid: n % 3 === 0 ? `mid-${n}` : null, tier: `tier-${n % 4}`, created_at: '2024-01-01T00:00:00Z' }, { delivery_id: `lead-${n}` }),
    nectorRaw('lead_update', { _id: `lead-${n}`, eid: `eid-${n}`, customer_id: `shopify-${n}`, created_at: '2024-01-01T00:00:00Z', updated_at: '2024-01-02T00:00:00Z' }, { delivery_id: `update-${n}` }),
    ...[1, 2].map((time) => nectorRaw('walletreward_create', { hash: `hash-${n}`, lead_id: `lead-${n % 7}`, amount: n + 1, operation: n % 2 === 0 ? 'cr' : 'dr', user_customer_id: String(n) }, { delivery_id: `coins-${n}-${time}` })),
    nectorRaw('order_create', { _id: `order-${n}`, reference_order_id: String(n), reference_order_source: 's', lead_id: `lead-${n}`, fiat_amount: 10 * n, created_at: '2024-01-03T00:00:00Z' }, { delivery_id: `order-${n}` }),
    nectorRaw('refereenotify_create', { _id: `r-${n}`, referred_by_lead_id: `lead-${n}`, referred_to_lead_id: `lead-${(n + 1) % 30}`, status: n % 2 === 0 ? 'completed' : 'pending', order_id: `order-${(n + 1) % 30}`, created_at: '2024-01-02T00:00:00Z' }, { delivery_id: `referral-${n}` }),
    netcoreRaw({ p: [2, 3, 110].map((id) => ({ msgid: `${n}-${id}`, channel: 'custom_activity', event_params: { ts: 240110173000 + n, activity_id: id, identity: `person${n}@example.com`, items: [{ prid: String(n), prqt: 1, price: 9.5 }] } })) })
  ]).flat()
].map((raw, index) => ({ ...raw, received_at: raw.received_at + index }))

async function load (warehouse: MigratedWarehouse, only?: string): Promise<void> {
  await publishConfiguration(warehouse.client, testBusinesses)
  const loading = createLoading(warehouse)
  const records = raws.flatMap((raw, offset) => transform(raw, { topic: 'raw', partition: 0, offset }, createSources(testBusinesses), 0).records)
  for (const topic of new Set(records.map(({ record }) => record))) {
    if (only !== undefined && topic !== only) continue
    await loading.load(topic, records.filter(({ record }) => record === topic).map((record) => encodeRecord(record, 0).value))
  }
  await loading.workOut()
}

const views = ['customers', 'coin_ledger', 'coupons', 'orders', 'reviews', 'referrals', 'activities', 'activity_items', 'coin_daily', 'coin_balances', 'coin_liability', 'order_daily', 'referral_conversion', 'referrers', 'loyalty_journey'].map((view) => `analytics.${view}`).concat('contacts.customers', 'landing.identities')

test('every view says the same as on one server, with rows on both shards', async () => {
  await load(single)
  await load(spread)
  for (const table of ['leads', 'coin_transactions', 'activities', 'identifier_sets']) {
    for (const { url, user, password } of spread.cluster.shards) {
      expect(Number((await ask(url, user, password, `SELECT count() FROM landing.${table}_local`)).text), `${table} at ${url}`).toBeGreaterThan(0)
    }
  }
  for (const view of views) {
    const query = `SELECT * FROM ${view} ORDER BY ALL`
    const rows = await single.query(query)
    expect(rows.length, view).toBeGreaterThan(0)
    expect(await spread.query(query), view).toEqual(rows)
  }
})

test('what is worked out is on every shard when that is acknowledged, whatever becomes of queues', async () => {
  const [first, second] = spread.cluster.shards
  if (first === undefined || second === undefined) throw new Error('expected two shards')
  const tell = async (statement: string): Promise<void> => { expect(await ask(first.url, first.user, first.password, statement)).toMatchObject({ code: 0 }) }
  const [now] = await spread.query("SELECT toString(now64(3, 'UTC')) AS now")
  await tell('SYSTEM STOP DISTRIBUTED SENDS landing.coin_leads')
  await load(spread, 'coin_transactions')
  for (const { url, user, password } of [first, second]) {
    expect(Number((await ask(url, user, password, `SELECT count() FROM landing.coin_leads_local WHERE computed_at > '${String(now?.['now'])}'`)).text), url).toBeGreaterThan(0)
  }
  await tell('SYSTEM START DISTRIBUTED SENDS landing.coin_leads')
})

test('a view may join tables and search in them, wherever their rows are', async () => {
  const view = `CREATE OR REPLACE VIEW landing.joined AS
    SELECT count() AS n FROM landing.coin_transactions AS c INNER JOIN landing.orders AS o ON o.business = c.business
    WHERE c.business IN (SELECT business FROM landing.leads)`
  await single.client.command({ query: view })
  for (const query of clusterStatements(view, spread.cluster.connection.cluster)) await spread.client.command({ query })
  const expected = await single.query('SELECT n FROM landing.joined')
  expect(expected).not.toEqual([{ n: 0 }])
  expect(await spread.query('SELECT n FROM landing.joined')).toEqual(expected)
})

test('the same batch under the same token adds nothing on any shard', async () => {
  const count = async (): Promise<unknown> => await spread.query('SELECT count() AS n FROM landing.activities')
  const before = await count()
  await load(spread, 'activities')
  expect(await count()).toEqual(before)
})

test('from any server the same rows are seen', async () => {
  const [first, second] = await Promise.all(spread.cluster.shards.map(async ({ url, user, password }) => await ask(url, user, password, 'SELECT * FROM analytics.coin_ledger ORDER BY ALL')))
  expect(first?.text).not.toBe('')
  expect(first?.text).toBe(second?.text)
})

test('ClickHouse parses every statement as it is sent, and creates every table with its replicated engine', async () => {
  const { statements, shards: [shard] } = spread.cluster
  if (shard === undefined) throw new Error('expected a shard')
  expect(statements.filter((statement) => /^(?:not parsed|failed)/.test(statement))).toEqual([])
  expect(statements.length).toBeGreaterThan(60)
  for (const statement of statements.filter((text) => /CREATE (?:TABLE|DATABASE|MATERIALIZED VIEW)/.test(text))) {
    const elsewhere = withoutOnCluster(statement).replaceAll('landing', 'replicated')
    expect(await ask(shard.url, shard.user, shard.password, elsewhere), elsewhere).toMatchObject({ code: 0 })
  }
  const engines = await ask(shard.url, shard.user, shard.password, "SELECT engine, count() FROM system.tables WHERE database = 'replicated' GROUP BY engine ORDER BY engine")
  expect(engines.text).toBe('Distributed\t33\nMaterializedView\t16\nReplicatedAggregatingMergeTree\t3\nReplicatedMergeTree\t2\nReplicatedReplacingMergeTree\t28')
})

test('a second run finds everything done', async () => {
  const sent = spread.cluster.statements.length
  expect(await migrate({ client: spread.client, connection: spread.cluster.connection, logger: silent })).toEqual({ applied: [], views: [] })
  expect(spread.cluster.statements).toHaveLength(sent)
})

test('a warehouse of a cluster does not become one of a server by a setting', async () => {
  const error = await migrate({ client: spread.client, connection: { ...spread.cluster.connection, cluster: undefined }, logger: silent }).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'WAREHOUSE_UNSUITABLE' })
  expect((error as Error).message).toMatch(/expected landing.migration_lock to be a table of one server.*got the engine Distributed: set CLICKHOUSE_CLUSTER/)
})

test('of ten that migrate a cluster at once, one does it', async () => {
  for (const { url, user, password } of spread.cluster.shards) await ask(url, user, password, 'TRUNCATE TABLE landing.schema_views_local')
  const results = await Promise.all(Array.from({ length: 10 }, async () => {
    const client = createWarehouseClient(spread.cluster.connection)
    try {
      return await migrate({ client, connection: spread.cluster.connection, logger: silent })
    } finally {
      await client.close()
    }
  }))
  expect(results.filter(({ views }) => views.length > 0)).toHaveLength(1)
  expect(await spread.query('SELECT * FROM analytics.customers LIMIT 1')).toHaveLength(1)
})

test('a server that is added later gets its tables by what operations.md says', async () => {
  const [, added] = spread.cluster.shards
  if (added === undefined) throw new Error('expected a second shard')
  const { url, user, password } = added
  for (const database of ['analytics', 'contacts', 'landing']) await ask(url, user, password, `DROP DATABASE ${database} SYNC`)
  const documented = /^### A server is added to the cluster[\s\S]*?```sql\n([\s\S]*?)```/m.exec(readFileSync(join(packageRoot, 'docs/operations.md'), 'utf8'))?.[1] ?? ''
  for (const query of splitStatements(documented.replaceAll('your-cluster', spread.cluster.connection.cluster))) await spread.client.command({ query })
  expect((await migrate({ client: spread.client, connection: spread.cluster.connection, logger: silent })).applied).toHaveLength(4)
  expect(spread.cluster.statements.filter((statement) => /^(?:not parsed|failed)/.test(statement))).toEqual([])
  expect(await ask(url, user, password, 'SELECT count() FROM landing.leads_local')).toMatchObject({ text: '0' })
  expect(await spread.query('SELECT * FROM analytics.customers LIMIT 1')).toHaveLength(1)
})
