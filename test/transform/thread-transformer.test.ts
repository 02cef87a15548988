import { pino } from 'pino'
import { Registry } from 'prom-client'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { LogBatch } from '../../log/log-consumer.ts'
import type { LogRecord } from '../../log/log-writer.ts'
import { packageRoot } from '../../runtime/package-root.ts'
import { noPositions, parseRecordPositions } from '../../config/record-positions.ts'
import { inlineTransformer } from '../../transform/inline-transformer.ts'
import { createSources } from '../../vendors/source.ts'
import { ThreadTransformer, type ThreadTransformerOptions } from '../../transform/thread-transformer.ts'
import { createTransformMetrics } from '../../transform/transform-metrics.ts'
import { transformRecords } from '../../transform/transform-records.ts'
import { createTransformStage } from '../../transform/transform-stage.ts'
import type { Transformer } from '../../transform/transformer.ts'
import { testIngest } from '../ingest/test-ingest.ts'
import { nectorRaw, nectorSamples, netcoreRaw, netcoreSample, testBusinesses, topicOfSample } from '../samples/samples.ts'
import { codecs } from '../../schemas/codecs.ts'

const file = pathToFileURL(join(packageRoot, 'dist/transform/transform-thread.js'))

/** Runs the built code, as a thread cannot run TypeScript. */
function threadTransformer (options: Partial<ThreadTransformerOptions> = {}): { readonly transformer: ThreadTransformer, readonly lines: string[] } {
  const lines: string[] = []
  const transformer = new ThreadTransformer({ businesses: testBusinesses, file, logger: pino({}, { write: (line: string) => { lines.push(line) } }), ...options })
  onTestFinished(async () => { await transformer.close() })
  return { transformer, lines }
}

const batchOf = (values: readonly Buffer[], signal = new AbortController().signal): LogBatch =>
  ({ topic: 'netcore.raw', partition: 3, records: values.map((value, index) => ({ offset: 100 + index, timestamp: 5 + index, value })), signal })

async function messagesOf (transformer: Transformer, batch: LogBatch): Promise<readonly LogRecord[]> {
  const messages: LogRecord[] = []
  for await (const { records } of transformer.transform(batch)) messages.push(...records)
  return messages
}

/** Takes the transform a second or so. */
const monster = codecs.raw_webhooks.encode({
  ...netcoreRaw({}), headers: { 'content-type': 'application/json' }, body: Buffer.from(`{"p":[{"channel":"c","custom_params":{${Array.from({ length: 600_000 }, (_, index) => `"k${index}":1`).join(',')}}}]}`)
})
const small = (id: number): Buffer => codecs.raw_webhooks.encode(nectorRaw('order_create', { reference_order_id: String(id) }))

test('a batch becomes the same messages as in the thread that asks', async () => {
  const values = [...Object.entries(nectorSamples).map(([name, payload]) => codecs.raw_webhooks.encode(nectorRaw(topicOfSample(name), payload))), codecs.raw_webhooks.encode(netcoreRaw(netcoreSample)), Buffer.from('garbage')]
  const { transformer } = threadTransformer()
  const [inThread, inline] = [await messagesOf(transformer, batchOf(values)), await messagesOf(inlineTransformer(createSources(testBusinesses), () => 0), batchOf(values))]
  const comparable = (messages: readonly LogRecord[]) => messages.map(({ topic, key, timestamp, value }) => {
    // these two say when they were made
    if (topic === 'receipts') return { topic, key, timestamp, value: { ...codecs.receipts.decode(value), transformed_at: 0 } }
    if (topic === 'dead-letters') return { topic, key, timestamp, value: { ...codecs.dead_letters.decode(value), failed_at: 0 } }
    return { topic, key, timestamp, value }
  })
  expect(comparable(inThread)).toEqual(comparable(inline))
  expect(inThread.length).toBeGreaterThan(values.length)
})

test('what large webhooks become comes in pieces, the next one worked out while the last is appended', async () => {
  const large = codecs.raw_webhooks.encode(netcoreRaw({ p: Array.from({ length: 3000 }, (_, index) => ({ channel: 'c', msgid: String(index), att_params: { note: 'x'.repeat(2000) } })) }))
  const appends: number[] = []
  const log = { async append (records: readonly LogRecord[]) { appends.push(records.length) }, async probe () {} }
  await createTransformStage({ log, transformer: threadTransformer().transformer, metrics: createTransformMetrics(new Registry()) })(batchOf([large, large, large]))
  expect(appends.length).toBeGreaterThan(2)
  expect(appends.reduce((sum, count) => sum + count)).toBe(9003)
})

test('batches of several partitions are worked on side by side, and one that fails fails alone', async () => {
  const { transformer } = threadTransformer()
  const unknown = Buffer.from('c301010203040506070878', 'hex')
  const results = await Promise.allSettled([messagesOf(transformer, batchOf([small(1)])), messagesOf(transformer, batchOf([unknown])), messagesOf(transformer, batchOf([small(2)]))])
  expect(results).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'SCHEMA_UNKNOWN', retryable: true } }, { status: 'fulfilled' }])
})

test('nothing that a vendor sends delays the answer to another', async () => {
  const { transformer } = threadTransformer()
  await messagesOf(transformer, batchOf([small(0)]))
  const { ingest } = testIngest()
  const order: string[] = []
  const transformed = messagesOf(transformer, batchOf([monster])).then((messages) => {
    order.push('transformed')
    return messages
  })
  for (let n = 0; n < 20; n++) {
    expect((await ingest.inject({ method: 'GET', url: '/livez' })).statusCode).toBe(200)
    order.push('answered')
  }
  const messages = await transformed
  expect(order).toEqual([...Array.from({ length: 20 }, () => 'answered'), 'transformed'])
  expect(messages.map(({ topic }) => topic)).toEqual(['dead-letters', 'receipts'])
  expect(codecs.dead_letters.decode(messages[0]?.value ?? Buffer.alloc(0))).toMatchObject({ code: 'EVENT_TOO_LARGE' })
})

test.each(['stuck', 'crash'])('a raw record on which the thread ends (%s) ends neither the process nor, the third time, its batch', async (fatal) => {
  const { transformer, lines } = threadTransformer({ file: new URL('mortal-thread.mjs', import.meta.url), stuckMs: 2_000, watchMs: 10 })
  const batch = batchOf([Buffer.from('before'), Buffer.from(fatal), Buffer.from('behind')])
  expect(await messagesOf(transformer, batchOf([Buffer.from('another')]))).toEqual([])
  for (let delivery = 0; delivery < 2; delivery++) await expect(messagesOf(transformer, batch)).rejects.toMatchObject({ code: 'TRANSFORM_THREAD_LOST', retryable: true, cause: expect.any(Error) as Error })
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ level: 50, topic: 'netcore.raw', partition: 3, offset: 101 }, { level: 50, offset: 101 }])
  expect((await messagesOf(transformer, batch)).map(({ key }) => key)).toEqual(['101'])
  expect(lines).toHaveLength(2)
}, 30_000)

test('a raw record that is set aside becomes one dead letter with its body, and its receipt', () => {
  const records = [small(1), monster, small(2)].map((value, index) => ({ offset: 100 + index, timestamp: 5, value }))
  const pieces = [...transformRecords({ topic: 'netcore.raw', partition: 3, records, setAside: new Set([101]), skipped: new Set() }, { sources: createSources(testBusinesses), now: () => 0, onRecord: () => {} })]
  const messages = pieces.flatMap((piece) => piece?.records ?? [])
  expect(messages.map(({ topic }) => topic)).toEqual(['orders', 'receipts', 'dead-letters', 'receipts', 'orders', 'receipts'])
  const letter = codecs.dead_letters.decode(messages[2]?.value ?? Buffer.alloc(0))
  expect(letter).toMatchObject({ code: 'TRANSFORM_FAILED', log_offset: 101 })
  expect(letter.payload.equals(codecs.raw_webhooks.decode(monster).body)).toBe(true)
  expect(codecs.receipts.decode(messages[3]?.value ?? Buffer.alloc(0))).toMatchObject({ dead_letters: 1, dead_letter_ids: [letter.dead_letter_id], raw_offset: 101 })
})

test('records that an operator steps over become dead letters', async () => {
  const { transformer } = threadTransformer({ skip: parseRecordPositions('netcore.raw:3:101,netcore.raw:2:100') ?? noPositions })
  const messages = await messagesOf(transformer, batchOf([small(1), small(2)]))
  expect(messages.map(({ topic }) => topic)).toEqual(['orders', 'receipts', 'dead-letters'])
})

test('a batch that is no longer ours ends at once, and the next one is worked on', async () => {
  const { transformer } = threadTransformer()
  const stop = new AbortController()
  const ended = messagesOf(transformer, batchOf([monster], stop.signal))
  stop.abort()
  await expect(ended).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
  expect(await messagesOf(transformer, batchOf([small(1)]))).toHaveLength(2)
})

test('closed, it takes no more', async () => {
  const { transformer } = threadTransformer()
  await transformer.close()
  await expect(messagesOf(transformer, batchOf([small(1)]))).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
})
