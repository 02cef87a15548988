import { Counter, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { registerLagMetrics } from '../../log/lag-metrics.ts'
import type { TopicLag } from '../../log/log-lag.ts'

test('while the log cannot tell its lag, that is absent and everything else is there', async () => {
  const registry = new Registry()
  new Counter({ name: 'other_total', help: 'Another metric', registers: [registry] }).inc()
  let lag: () => Promise<readonly TopicLag[]> = async () => [{ topic: 'orders', group: 'load', records: 3, oldestTimestamp: 4_000 }]
  registerLagMetrics(registry, { lag: async () => await lag(), backlog: async () => { throw new Error('away') }, disk: async () => ({ freeBytes: 7, reserveBytes: 8 }) }, () => 10_000)
  const there = await registry.metrics()
  expect(there).toContain('loyalty_log_lag_records{topic="orders",group="load"} 3')
  expect(there).toContain('loyalty_log_oldest_unread_seconds{topic="orders",group="load"} 6')
  expect(there).toContain('loyalty_log_disk_bytes{kind="free"} 7')
  expect(there).toContain('loyalty_log_disk_bytes{kind="reserve"} 8')
  lag = async () => { throw new Error('away') }
  const away = await registry.metrics()
  expect(away).toContain('other_total 1')
  expect(away).not.toContain('topic="orders"')
})
