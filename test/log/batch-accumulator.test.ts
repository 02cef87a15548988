import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { BatchAccumulator } from '../../log/batch-accumulator.ts'
import { FetchedRecords } from '../../log/kafka/fetched-records.ts'
import type { ConsumedRecord } from '../../log/log-consumer.ts'
import type { RecordReader } from '../../log/record-reader.ts'

const maxWaitMs = 200
const minute = 60_000
const first: ConsumedRecord = { offset: 0, timestamp: 1, value: Buffer.from('alone') }

beforeEach(() => { vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] }) })
afterEach(() => { vi.useRealTimers() })

/** A log that keeps the wall-clock time of an append, as the embedded one does. */
class StoredTimes implements RecordReader {
  #read = false
  readonly #appendedAt: number
  constructor (appendedAt: number) { this.#appendedAt = appendedAt }
  get ready (): boolean { return !this.#read }
  get waitedMs (): number { return Date.now() - this.#appendedAt }
  peek (): ConsumedRecord { return first }
  advance (): void { this.#read = true }
  rewind (): void { this.#read = false }
  onMore (): () => void { return () => {} }
}

/** Milliseconds, of a clock that nobody sets, for which a batch with one record waits for company. */
async function waitOf (reader: RecordReader, during: () => void = () => {}): Promise<number> {
  const begun = performance.now()
  const closing = new AbortController()
  let waited: number | undefined
  const next = new BatchAccumulator(reader, { maxRecords: 10, maxBytes: 1_000, maxWaitMs }, closing.signal).next().then((records) => {
    if (records !== undefined) waited = performance.now() - begun
  })
  await vi.advanceTimersByTimeAsync(10)
  during()
  await vi.advanceTimersByTimeAsync(2 * maxWaitMs)
  closing.abort()
  await next
  return waited ?? Infinity
}

test.each([
  ['just now', 0, maxWaitMs],
  ['some time ago', -150, maxWaitMs - 150],
  ['long ago: the batch goes at once', -minute, 0],
  ['in the future, as the clock was set back by 20 s', 20_000, maxWaitMs],
  ['in the future, as the clock was set back by 600 s', 600_000, maxWaitMs],
  ['at a time that is no number', NaN, maxWaitMs]
])('a record that was appended %s waits for company no longer than maxWaitMs', async (_when, appendedAt, waits) => {
  expect(await waitOf(new StoredTimes(Date.now() + appendedAt))).toBe(waits)
})

test.each([-20_000, -600_000, 20_000])('a clock that is set by %i ms while a record waits for company changes nothing', async (step) => {
  expect(await waitOf(new StoredTimes(Date.now()), () => { vi.setSystemTime(Date.now() + step) })).toBe(maxWaitMs)
})

test.each([-20_000, -600_000, 20_000])('a clock that is set by %i ms after records were fetched from Kafka changes nothing', async (step) => {
  const fetched = new FetchedRecords()
  fetched.push([first])
  vi.setSystemTime(Date.now() + step)
  expect(await waitOf(fetched)).toBe(maxWaitMs)
})
