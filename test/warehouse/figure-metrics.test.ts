import { Registry } from 'prom-client'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { encodeRecord } from '../../transform/message-encoder.ts'
import { transform } from '../../transform/transform.ts'
import { createSources } from '../../vendors/source.ts'
import { createWarehouseClient } from '../../warehouse/clickhouse-client.ts'
import { registerFigureMetrics } from '../../warehouse/figure-metrics.ts'
import { publishConfiguration } from '../../warehouse/publish-configuration.ts'
import { nectorRaw, testBusinesses } from '../samples/samples.ts'
import { createLoading, type Loading } from './loading.ts'
import { startMigratedWarehouse, type MigratedWarehouse } from './migrated-warehouse.ts'

let warehouse: MigratedWarehouse
let loading: Loading
beforeAll(async () => { warehouse = await startMigratedWarehouse() })
afterAll(async () => { await warehouse.close() })
beforeEach(async () => {
  await warehouse.clear()
  await publishConfiguration(warehouse.client, testBusinesses)
  loading = createLoading(warehouse)
})

/** An order, and coins of two members. */
async function load (): Promise<void> {
  const coins = (hash: string) => nectorRaw('walletreward_create', { hash, lead_id: hash, user_email: `${hash}@example.com`, amount: 5, operation: 'cr', created_at: '2024-01-10T11:00:00Z' }, { delivery_id: hash })
  const raws = [coins('one'), coins('two'), nectorRaw('order_create', { reference_order_id: '1', fiat_amount: 10, created_at: '2024-01-10T11:00:00Z' }, { delivery_id: 'order' })]
  for (const raw of raws) {
    for (const record of transform(raw, { topic: 'raw', partition: 0, offset: 0 }, createSources(testBusinesses), 0).records) await loading.load(record.record, [encodeRecord(record, 0).value])
  }
}

const freshness = async (): Promise<unknown> => await warehouse.query('SELECT figure, pending, pending_since IS NOT NULL AS waits, complete_until IS NOT NULL AS known FROM analytics.freshness ORDER BY figure')

async function gauge (registry: Registry, name: string): Promise<ReadonlyMap<string, number>> {
  return new Map([...(await registry.metrics()).matchAll(new RegExp(`^${name}\\{figure="(\\w+)"\\} ([\\d.]+)$`, 'gm'))].map(([, figure = '', value]) => [figure, Number(value)]))
}

test('what is loaded and not worked out is pending in each figure that follows from it, and nothing is once it is', async () => {
  await load()
  expect(await freshness()).toEqual([
    { figure: 'coins', pending: 6, waits: 1, known: 1 },
    { figure: 'customers', pending: 4, waits: 1, known: 1 },
    { figure: 'funnels', pending: 4, waits: 1, known: 1 },
    { figure: 'orders', pending: 1, waits: 1, known: 1 },
    { figure: 'referrals', pending: 1, waits: 1, known: 1 }
  ])
  await loading.workOut()
  expect(await freshness()).toEqual(['coins', 'customers', 'funnels', 'orders', 'referrals'].map((figure) => ({ figure, pending: 0, waits: 0, known: 1 })))
})

test('while nothing has come, every figure is complete and nothing is known of when', async () => {
  expect(await freshness()).toEqual(['coins', 'customers', 'funnels', 'orders', 'referrals'].map((figure) => ({ figure, pending: 0, waits: 0, known: 0 })))
})

test('the metrics say how much waits, and an age that grows until it is worked out', async () => {
  const registry = new Registry()
  registerFigureMetrics(registry, warehouse.client)
  await load()
  expect((await gauge(registry, 'loyalty_figures_pending')).get('orders')).toBe(1)
  const before = (await gauge(registry, 'loyalty_figures_age_seconds')).get('orders') ?? 0
  await vi.waitFor(async () => { expect((await gauge(registry, 'loyalty_figures_age_seconds')).get('orders')).toBeGreaterThan(before + 0.5) }, { timeout: 20_000, interval: 200 })
  await loading.workOut()
  expect((await gauge(registry, 'loyalty_figures_age_seconds')).get('orders')).toBe(0)
  expect((await gauge(registry, 'loyalty_figures_pending')).get('orders')).toBe(0)
})

test('while ClickHouse does not answer there are none, and no scrape fails', async () => {
  const registry = new Registry()
  const away = createWarehouseClient({ url: 'http://127.0.0.1:1', user: 'nobody', password: '' })
  registerFigureMetrics(registry, away)
  expect((await gauge(registry, 'loyalty_figures_pending')).size).toBe(0)
  await away.close()
})
