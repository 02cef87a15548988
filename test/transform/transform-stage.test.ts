import { Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import type { LogBatch } from '../../log/log-consumer.ts'
import type { LogRecord } from '../../log/log-writer.ts'
import type { RawWebhook } from '../../schemas/raw-webhooks.ts'
import { inlineTransformer } from '../../transform/inline-transformer.ts'
import { createSources } from '../../vendors/source.ts'
import { createTransformMetrics } from '../../transform/transform-metrics.ts'
import { transformRecords } from '../../transform/transform-records.ts'
import { createTransformStage } from '../../transform/transform-stage.ts'
import { nectorRaw, netcoreRaw, testBusinesses } from '../samples/samples.ts'
import { codecs } from '../../schemas/codecs.ts'

const batchOf = (values: readonly Buffer[], signal = new AbortController().signal): LogBatch =>
  ({ topic: 'nector.raw', partition: 3, records: values.map((value, index) => ({ offset: 100 + index, timestamp: 5, value })), signal })
const encode = (raw: RawWebhook): Buffer => codecs.raw_webhooks.encode(raw)

function stage (append: (records: readonly LogRecord[]) => Promise<void> = async () => {}): { handle: (batch: LogBatch) => Promise<void>, appended: LogRecord[], appends: number[], registry: Registry } {
  const registry = new Registry()
  const appended: LogRecord[] = []
  const appends: number[] = []
  const log = {
    async append (records: readonly LogRecord[]) {
      await append(records)
      appended.push(...records)
      appends.push(records.length)
    },
    async probe () {}
  }
  return { handle: createTransformStage({ log, transformer: inlineTransformer(createSources(testBusinesses), () => 1000), metrics: createTransformMetrics(registry) }), appended, appends, registry }
}

test('a webhook becomes its records and, last, the receipt that accounts for them', async () => {
  const { handle, appended, registry } = stage()
  await handle(batchOf([encode(nectorRaw('order_create', { reference_order_id: '1' })), encode(nectorRaw('walletreward_create', { amount: 'a lot' })), encode(nectorRaw('lead_create', { accept_email: 'perhaps' }))]))
  expect(appended.map(({ topic, timestamp }) => [topic, timestamp])).toEqual([['orders', 5], ['receipts', Date.UTC(2024, 0, 10, 12)], ['dead-letters', 5], ['receipts', Date.UTC(2024, 0, 10, 12)], ['leads', 5], ['receipts', Date.UTC(2024, 0, 10, 12)]])
  const receipts = appended.filter(({ topic }) => topic === 'receipts').map(({ value }) => codecs.receipts.decode(value))
  expect(receipts).toMatchObject([
    { raw_topic: 'nector.raw', raw_partition: 3, raw_offset: 100, records: { orders: 1 }, dead_letters: 0 },
    { raw_offset: 101, records: {}, dead_letters: 1 },
    { raw_offset: 102, records: { leads: 1 }, unreadable: { 'leads.accept_email': 1 }, dead_letters: 0 }
  ])
  expect(receipts[0]?.event_ids).toHaveLength(1)
  const metrics = await registry.metrics()
  expect(metrics).toContain('loyalty_transform_records_total{record="orders"} 1')
  expect(metrics).toContain('loyalty_dead_letters_total{stage="transform",code="FIELD_INVALID"} 1')
  expect(metrics).toContain('loyalty_transform_unreadable_values_total{field="leads.accept_email"} 1')
})

test('a batch is not acknowledged before all that it became is durable', async () => {
  let release = (): void => {}
  const held = new Promise<void>((resolve) => { release = resolve })
  const { handle } = stage(async () => { await held })
  let acknowledged = false
  const handled = handle(batchOf([encode(nectorRaw('lead_create', {}))])).then(() => { acknowledged = true })
  await new Promise((resolve) => { setTimeout(resolve, 20) })
  expect(acknowledged).toBe(false)
  release()
  await handled
  expect(acknowledged).toBe(true)
})

test('a log that fails fails the batch', async () => {
  const { handle } = stage(async () => { throw new Error('log is away') })
  await expect(handle(batchOf([encode(nectorRaw('lead_create', {}))]))).rejects.toThrow('log is away')
})

describe('a raw record that is not ours', () => {
  test('is a dead letter with its bytes; its neighbours go on', async () => {
    const { handle, appended } = stage()
    await handle(batchOf([Buffer.from('garbage'), encode(nectorRaw('lead_create', {}))]))
    expect(appended.map(({ topic }) => topic)).toEqual(['dead-letters', 'leads', 'receipts'])
    expect(codecs.dead_letters.decode(appended[0]?.value ?? Buffer.alloc(0))).toMatchObject({ code: 'FRAME_MALFORMED', stage: 'transform', log_offset: 100, payload: Buffer.from('garbage') })
  })

  const newer = Buffer.from('c301010203040506070878', 'hex')

  test('of a newer version stops the topic and loses nothing', async () => {
    const { handle, appended } = stage()
    await expect(handle(batchOf([newer]))).rejects.toMatchObject({ code: 'SCHEMA_UNKNOWN', retryable: true })
    expect(appended).toEqual([])
  })

  test('of seven foreign bytes, which look like the framing of a registry, is a dead letter with its bytes', async () => {
    const { handle, appended } = stage()
    const foreign = Buffer.from('00000000010203', 'hex')
    await handle(batchOf([encode(nectorRaw('lead_create', {})), foreign, encode(nectorRaw('lead_create', {}))]))
    expect(appended.map(({ topic }) => topic)).toEqual(['leads', 'receipts', 'dead-letters', 'leads', 'receipts'])
    expect(codecs.dead_letters.decode(appended[2]?.value ?? Buffer.alloc(0))).toMatchObject({ code: 'FRAME_MALFORMED', log_offset: 101, payload: foreign })
  })

  test('that an operator steps over is a dead letter unread, and its topic goes on', () => {
    const records = [newer, encode(nectorRaw('lead_create', {}))].map((value, index) => ({ offset: 100 + index, timestamp: 5, value }))
    const pieces = [...transformRecords({ topic: 'nector.raw', partition: 3, records, setAside: new Set(), skipped: new Set([100]) }, { sources: createSources(testBusinesses), now: () => 0, onRecord: () => {} })]
    const messages = pieces.flatMap((piece) => piece?.records ?? [])
    expect(messages.map(({ topic }) => topic)).toEqual(['dead-letters', 'leads', 'receipts'])
    expect(codecs.dead_letters.decode(messages[0]?.value ?? Buffer.alloc(0))).toMatchObject({ code: 'RECORD_SKIPPED', log_topic: 'nector.raw', log_partition: 3, log_offset: 100, payload: newer })
  })
})

test('what large webhooks become is appended in pieces, all of it before the batch is acknowledged', async () => {
  const { handle, appended, appends } = stage()
  const large = netcoreRaw({ p: Array.from({ length: 3000 }, (_, index) => ({ channel: 'c', msgid: String(index), att_params: { note: 'x'.repeat(2000) } })) })
  await handle(batchOf([encode(large), encode(large), encode(large)]))
  expect(appends.length).toBeGreaterThan(2)
  expect(appended.filter(({ topic }) => topic === 'activities')).toHaveLength(9000)
  expect(appended.filter(({ topic }) => topic === 'receipts')).toHaveLength(3)
  expect(Math.max(...appends)).toBeLessThan(6000)
})

test('the same batch again becomes the same messages', async () => {
  const batch = batchOf([encode(netcoreRaw({ p: [{ channel: 'c', msgid: '1' }] }))])
  const [one, two] = [stage(), stage()]
  await one.handle(batch)
  await two.handle(batch)
  expect(one.appended).toEqual(two.appended)
})
