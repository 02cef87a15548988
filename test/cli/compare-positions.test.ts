import { pino } from 'pino'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createPositionComparison } from '../../app/compare-positions.ts'

test('a log that ends before what was loaded is said once a partition, and counted; one that does not is not', async () => {
  const lines: string[] = []
  const registry = new Registry()
  const compare = createPositionComparison(registry, pino({}, { write: (line: string) => { lines.push(line) } }))
  const ends = async () => [{ topic: 'nector.raw', partition: 0, next: 0 }, { topic: 'netcore.raw', partition: 0, next: 10 }, { topic: 'netcore.raw', partition: 1, next: 3 }]
  await compare({ ends }, [
    { topic: 'nector.raw', partition: 0, offset: 299 },
    { topic: 'netcore.raw', partition: 0, offset: 9 },
    { topic: 'netcore.raw', partition: 1, offset: 3 },
    { topic: 'netcore.raw', partition: 2, offset: 1 }
  ])
  expect(lines.map(line => JSON.parse(line) as Record<string, unknown>)).toMatchObject([
    { level: 50, topic: 'nector.raw', partition: 0, logEnds: 0, loadedUpTo: 299 },
    { level: 50, topic: 'netcore.raw', partition: 1, logEnds: 3, loadedUpTo: 3 },
    { level: 50, topic: 'netcore.raw', partition: 2, logEnds: 0, loadedUpTo: 1 }
  ])
  const metrics = await registry.metrics()
  expect(metrics).toContain('loyalty_log_behind_warehouse_records{topic="nector.raw",partition="0"} 300')
  expect(metrics).toContain('loyalty_log_behind_warehouse_records{topic="netcore.raw",partition="0"} 0')
})
