import { afterAll, beforeAll, expect, test } from 'vitest'
import { rebuildFigures } from '../../figures/rebuild.ts'
import { verifyFigures } from '../../figures/verify.ts'
import { clickHouseFigureStatements } from '../../warehouse/clickhouse-figure-statements.ts'
import { clickHouseIdentityStore } from '../../warehouse/clickhouse-identity-store.ts'
import { publishConfiguration } from '../../warehouse/publish-configuration.ts'
import { goldenBusinesses, goldenWebhooks } from '../analytics/golden/shop.ts'
import { createWebhookLoader } from '../analytics/webhook-loader.ts'
import { startMigratedWarehouse, type MigratedWarehouse } from './migrated-warehouse.ts'

let warehouse: MigratedWarehouse
beforeAll(async () => {
  warehouse = await startMigratedWarehouse()
  await publishConfiguration(warehouse.client, goldenBusinesses)
  await createWebhookLoader(warehouse, goldenBusinesses, 0)(goldenWebhooks)
})
afterAll(async () => { await warehouse.close() })

const tables = { coin_days: 'day', coin_leads: 'lead_id', order_days: 'day', referral_figures: 'record_key', funnel_days: 'funnel, day', identity_keys: 'identifier' }
const signal = new AbortController().signal
const ofAllTime = { from: '1970-01-01', to: '2149-06-06' }

async function kept (): Promise<unknown> {
  const rows = await Promise.all(Object.entries(tables).map(async ([table, key]) => [table, await warehouse.query(`SELECT * EXCEPT ${table === 'identity_keys' ? 'updated_at' : 'computed_at'} FROM landing.${table} FINAL ORDER BY ${key}`)]))
  return Object.fromEntries(rows) as unknown
}

async function rebuild (period = ofAllTime): Promise<{ readonly total: number, readonly done: number }> {
  const counted = { total: 0, done: 0 }
  const statements = clickHouseFigureStatements(warehouse.client)
  await rebuildFigures({ identities: clickHouseIdentityStore(warehouse.client), statements }, 'chai', period, { begin: (total) => { counted.total = total }, done: (count) => { counted.done += count } }, signal)
  return counted
}

const verify = async () => await verifyFigures(clickHouseFigureStatements(warehouse.client), 'chai', 1000, signal)

test('what was worked out load by load is what a rebuild works out of nothing', async () => {
  const before = await kept()
  for (const table of Object.keys(tables)) await warehouse.client.command({ query: `TRUNCATE TABLE landing.${table}` })
  const { total, done } = await rebuild()
  expect(total).toBeGreaterThan(20)
  expect(done).toBeGreaterThanOrEqual(total - 5)
  expect(await kept()).toEqual(before)
})

test('verify finds nothing where figures are right, and names each that is not', async () => {
  const { checked, differences } = await verify()
  expect(differences).toEqual([])
  expect(checked).toBeGreaterThan(20)
  const wrong = async (table: string, changes: string, where: string): Promise<void> => {
    await warehouse.client.command({ query: `INSERT INTO landing.${table} SELECT * REPLACE (${changes}, computed_at + INTERVAL 1 HOUR AS computed_at) FROM landing.${table} FINAL WHERE ${where}` })
  }
  await wrong('coin_days', '1::Decimal(38, 10) AS coins_issued', "day = '2024-01-10'")
  await wrong('coin_leads', '7::Decimal(38, 10) AS balance', "lead_id = 'uma'")
  await wrong('order_days', '[] AS by_currency', "day = '2024-01-17'")
  await wrong('referral_figures', '5::Decimal(38, 10) AS order_amount', "record_key = 'ref-3'")
  await wrong('funnel_days', '[9]::Array(UInt64) AS reached', "day = '2024-01-11'")
  const found = (await verify()).differences.map(({ figure, key, column }) => `${figure} ${key} ${column}`).sort()
  expect(found).toEqual(['coin_days 2024-01-10 coins_issued', 'coin_members uma balance', 'funnel_days 2024-01-11 reached', 'order_days 2024-01-17 by_currency', 'referrals ref-3 order_amount'])
  await rebuild()
  expect((await verify()).differences).toEqual([])
})

test('a rebuild of some days touches no others', async () => {
  await warehouse.client.command({ query: 'TRUNCATE TABLE landing.coin_days' })
  await rebuild({ from: '2024-01-11', to: '2024-01-12' })
  expect(await warehouse.query('SELECT toString(day) AS day FROM landing.coin_days FINAL ORDER BY day')).toEqual([{ day: '2024-01-11' }, { day: '2024-01-12' }])
  await rebuild()
})
