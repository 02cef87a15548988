import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createWarehouseClient } from '../../warehouse/clickhouse-client.ts'
import { registerFigureMetrics } from '../../warehouse/figure-metrics.ts'
import { startMigratedWarehouse, type MigratedWarehouse } from './migrated-warehouse.ts'

let warehouse: MigratedWarehouse
beforeAll(async () => { warehouse = await startMigratedWarehouse() })
afterAll(async () => { await warehouse.close() })

async function agesOf (registry: Registry): Promise<ReadonlyMap<string, number>> {
  return new Map([...(await registry.metrics()).matchAll(/^loyalty_warehouse_figures_age_seconds\{figures="(\w+)"\} (\d+)$/gm)].map(([, figures = '', age]) => [figures, Number(age)]))
}

test('the age of figures grows while their refresh fails, and only then', async () => {
  const registry = new Registry()
  registerFigureMetrics(registry, warehouse.client)
  await warehouse.client.command({ query: 'DROP VIEW landing.dirty_order_days' })
  for (const figures of ['coin_days', 'order_days']) await warehouse.client.command({ query: `SYSTEM START VIEW landing.refresh_${figures}` })
  await vi.waitFor(async () => {
    const [failing] = await warehouse.query("SELECT exception FROM system.view_refreshes WHERE view = 'refresh_order_days' AND exception != ''")
    expect(failing).toBeDefined()
    const ages = await agesOf(registry)
    expect(ages.get('coin_days')).toBeLessThan(60)
    expect(ages.size).toBe(7)
  }, { timeout: 60_000, interval: 500 })
  const before = (await agesOf(registry)).get('order_days') ?? 0
  await vi.waitFor(async () => { expect((await agesOf(registry)).get('order_days')).toBeGreaterThan(before + 2) }, { timeout: 60_000, interval: 500 })
})

test('while ClickHouse does not answer there are none, and no scrape fails', async () => {
  const registry = new Registry()
  const away = createWarehouseClient({ url: 'http://127.0.0.1:1', user: 'nobody', password: '' })
  registerFigureMetrics(registry, away)
  expect((await agesOf(registry)).size).toBe(0)
  await away.close()
})
