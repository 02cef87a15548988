import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../../runtime/package-root.ts'

/**
 * The wall clock can be set, so it is no measure of a duration, no deadline and no order: `performance.now()` is. Each file that reads the wall
 * clock all the same is here, with what it needs a date for.
 */
const dates: Readonly<Record<string, string>> = {
  'cli/demo.ts': 'the invented shop lives today',
  'app/run-pipeline.ts': 'times of arrival and of failure',
  'cli/simulate.ts': 'the invented shop lives today',
  'dashboard/page/ask.ts': 'the days to show',
  'dashboard/page/card.ts': 'which day is not over',
  'dashboard/page/freshness.ts': 'how long ago, as shown',
  'dashboard/page/pickers.ts': 'the days to show',
  'dashboard/page/time-chart.ts': 'which day is not over',
  'ingest/create-ingest.ts': 'times of arrival',
  'log/embedded/committer.ts': 'the time of an append, which another run reads',
  'log/embedded/topic-reader.ts': 'the time since an append of another run; BatchAccumulator bounds it',
  'log/kafka/kafka-writer.ts': 'timestamps of Kafka, which retention counts from',
  'transform/transform-thread.ts': 'times of transform and of failure',
  'warehouse/migrations/lock-clock.ts': 'takes the longer of two clocks'
}

test('only dates are read from the wall clock', () => {
  const folders = ['app', 'cli', 'config', 'dashboard', 'ingest', 'load', 'log', 'runtime', 'schemas', 'simulator', 'transform', 'vendors', 'warehouse']
  const files = folders.flatMap((folder) => readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' }).filter((file) => /\.[jt]s$/.test(file)).map((file) => `${folder}/${file}`))
  expect(files.length).toBeGreaterThan(100)
  const found = files.filter((file) => /\bDate\.now\b|\bnew Date\(\)/.test(readFileSync(join(packageRoot, file), 'utf8')))
  expect(found.sort()).toEqual(Object.keys(dates).sort())
})
