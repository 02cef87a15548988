import { pino } from 'pino'
import { expect, test } from 'vitest'
import { reportStopped } from '../../app/subscribe.ts'
import { AppError } from '../../runtime/errors.ts'
import type { Logger } from '../../runtime/logger.ts'
import { repeatedLines } from '../../runtime/repeated-lines.ts'
import { logErrors } from '../../log/log-errors.ts'
import { schemaErrors } from '../../schemas/schema-errors.ts'

function recorded (): { readonly logger: Logger, readonly said: () => unknown[] } {
  const lines: string[] = []
  return { logger: pino({}, { write: (line: string) => { lines.push(line) } }), said: () => lines.map((line) => JSON.parse(line) as unknown) }
}

test('what repeats itself is said at once, then once a minute with how often it was not; each key by itself', () => {
  const { logger, said } = recorded()
  let now = 0
  const lines = repeatedLines(logger, () => now)
  for (; now < 150_000; now += 10_000) lines.say('kafka', 'warn', { topic: 'orders' }, 'away')
  lines.say('clickhouse', 'error', {}, 'broken')
  expect(said()).toMatchObject([
    { level: 40, topic: 'orders', msg: 'away' },
    { level: 40, unsaid: 5 },
    { level: 40, unsaid: 5 },
    { level: 50, msg: 'broken' }
  ])
})

test('an outage that stops every topic is one warning; what needs a person is an error a partition, with its place', () => {
  const { logger, said } = recorded()
  const report = reportStopped(logger)
  const batch = (topic: string) => ({ topic, partition: 2, records: [{ offset: 7, timestamp: 1, value: Buffer.alloc(0) }], signal: new AbortController().signal })
  for (let n = 0; n < 10; n++) for (const topic of ['orders', 'leads']) report(new AppError(logErrors.LOG_UNAVAILABLE, 'away'), batch(topic))
  for (let n = 0; n < 10; n++) for (const topic of ['orders', 'leads']) report(new AppError(schemaErrors.SCHEMA_UNKNOWN, 'newer'), batch(topic))
  expect(said()).toMatchObject([
    { level: 40, topic: 'orders', err: { code: 'LOG_UNAVAILABLE' } },
    { level: 50, topic: 'orders', partition: 2, offset: 7, err: { code: 'SCHEMA_UNKNOWN' } },
    { level: 50, topic: 'leads', partition: 2, offset: 7 }
  ])
})
