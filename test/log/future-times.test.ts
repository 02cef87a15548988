import { pino } from 'pino'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { futureTimesReport } from '../../log/future-times.ts'
import type { LogBatch } from '../../log/log-consumer.ts'

const now = 1_000_000
const batch = (...timestamps: readonly number[]): LogBatch =>
  ({ topic: 'orders', partition: 0, records: timestamps.map((timestamp, offset) => ({ offset, timestamp, value: Buffer.alloc(0) })), signal: new AbortController().signal })

test('records of the future are counted and handed on; one WARN an episode', async () => {
  const lines: Array<Record<string, unknown>> = []
  const logger = pino({}, { write: (line: string) => { lines.push(JSON.parse(line) as Record<string, unknown>) } })
  const registry = new Registry()
  const handled: number[] = []
  const handle = futureTimesReport({ registry, logger, now: () => now })('load', async ({ records }) => { handled.push(records.length) })

  await handle(batch(now - 5, now, now + 1_000))
  expect(lines).toEqual([])
  await handle(batch(now - 5, now + 600_000))
  await handle(batch(now + 300_000, now + 300_001))
  expect(lines).toMatchObject([{ level: 40, topic: 'orders', group: 'load', records: 1, aheadMs: 600_000 }])
  expect(await registry.metrics()).toContain('loyalty_log_future_records_total{topic="orders",group="load"} 3')
  await handle(batch(now))
  await handle(batch(now + 600_000))
  expect(lines).toHaveLength(2)
  expect(handled).toEqual([3, 2, 2, 1, 1])
})
