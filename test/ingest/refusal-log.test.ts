import { pino } from 'pino'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createRefusalLog } from '../../ingest/refusal-log.ts'
import { AppError } from '../../runtime/errors.ts'
import { describeError } from '../../runtime/logger.ts'
import { ingestErrors } from '../../ingest/ingest-errors.ts'
import { runtimeErrors } from '../../runtime/runtime-errors.ts'

it('a flood of refusals is one line per source and code in a period', () => {
  vi.useFakeTimers()
  onTestFinished(() => { vi.useRealTimers() })
  const lines: Array<Record<string, unknown>> = []
  const logger = pino({ base: null, timestamp: false, serializers: { err: describeError } }, { write: (line: string) => { lines.push(JSON.parse(line) as Record<string, unknown>) } })
  const refusals = createRefusalLog(logger)
  for (let count = 0; count < 1_000; count++) {
    refusals.note('shop', new AppError(runtimeErrors.NOT_AUTHENTIC, 'expected a secret, got none'))
    refusals.note('none', new AppError(ingestErrors.SOURCE_UNKNOWN, 'expected a source, got another'))
  }
  refusals.note('shop', new AppError(runtimeErrors.INTERNAL, 'failed', { cause: new Error('why') }))
  expect(lines).toEqual([])
  vi.advanceTimersByTime(10_000)
  expect(lines).toEqual([
    { level: 40, source: 'shop', code: 'NOT_AUTHENTIC', count: 1_000, err: { type: 'AppError', code: 'NOT_AUTHENTIC', message: 'expected a secret, got none' }, msg: 'webhooks refused' },
    { level: 40, source: 'none', code: 'SOURCE_UNKNOWN', count: 1_000, err: { type: 'AppError', code: 'SOURCE_UNKNOWN', message: 'expected a source, got another' }, msg: 'webhooks refused' },
    expect.objectContaining({ level: 50, source: 'shop', code: 'INTERNAL', count: 1, msg: 'webhooks failed' })
  ])
  refusals.note('shop', new AppError(runtimeErrors.NOT_AUTHENTIC, 'expected a secret, got none'))
  refusals.close()
  expect(lines).toHaveLength(4)
  vi.advanceTimersByTime(60_000)
  expect(lines).toHaveLength(4)
})
