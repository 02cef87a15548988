import { Counter, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { registerLagMetrics } from '../../log/lag-metrics.ts'
import type { TopicLag } from '../../log/log-lag.ts'

test.each([
  ['lies in the future', 610_000],
  ['was passed by a clock that was set back since', 8_000]
])('the oldest unread record ages by a clock that nobody sets where its time %s', async (_when, oldestTimestamp) => {
  const registry = new Registry()
  let monotonic = 500
  let timestamp = oldestTimestamp
  registerLagMetrics(registry, { lag: async () => [{ topic: 'orders', group: 'load', records: 3, oldestTimestamp: timestamp }], backlog: async () => undefined, disk: async () => undefined }, () => 10_000, () => monotonic)
  const age = async (): Promise<number> => Number(/loyalty_log_oldest_unread_seconds\{topic="orders",group="load"\} (\S+)/.exec(await registry.metrics())?.[1])
  const first = await age()
  expect(first).toBe(Math.max(0, 10_000 - oldestTimestamp) / 1000)
  monotonic += 90_000
  expect(await age()).toBe(90)
  // another record is the oldest: there is progress
  timestamp++
  expect(await age()).toBeLessThanOrEqual(first)
})

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
