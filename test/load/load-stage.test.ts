import { Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { createLoadMetrics } from '../../load/load-metrics.ts'
import { createLoadStage } from '../../load/load-stage.ts'
import type { ConsumedRecord, LogBatch } from '../../log/log-consumer.ts'
import { logErrors } from '../../log/log-errors.ts'
import type { LogRecord } from '../../log/log-writer.ts'
import { AppError } from '../../runtime/errors.ts'
import { parseRecordPositions, type RecordPositions } from '../../config/record-positions.ts'
import type { Receipt } from '../../schemas/receipts.ts'
import type { WarehouseSink } from '../../warehouse/warehouse-sink.ts'
import { encodeRecord } from '../../transform/message-encoder.ts'
import { transform } from '../../transform/transform.ts'
import { createSources } from '../../vendors/source.ts'
import { netcoreRaw, testBusinesses } from '../samples/samples.ts'
import { memorySink } from './memory-sink.ts'
import { codecs } from '../../schemas/codecs.ts'

const receipt = (offset: number): Receipt => ({
  raw_id: '2a867f6d-cb7f-4fb7-8da4-02a5d5dd1bd8',
  vendor: 'nector',
  business: 'acme',
  source: 'acme-nector',
  topic: 'order_create',
  delivery_id: `delivery-${offset}`,
  received_at: 1,
  transformed_at: 2,
  raw_topic: 'nector.raw',
  raw_partition: 0,
  raw_offset: offset,
  event_ids: [],
  records: { orders: 1 },
  unreadable: {},
  dead_letters: 0,
  dead_letter_ids: []
})

const message = (offset: number, value = codecs.receipts.encode(receipt(offset))): ConsumedRecord => ({ offset, timestamp: 1000, value })
const batchOf = (records: readonly ConsumedRecord[], topic = 'receipts'): LogBatch => ({ topic, partition: 0, records, signal: new AbortController().signal })

function stageOn (sink: WarehouseSink, append: (records: readonly LogRecord[]) => Promise<void> = async () => {}, skip?: RecordPositions): { handle: (batch: LogBatch) => Promise<void>, appended: LogRecord[] } {
  const appended: LogRecord[] = []
  const log = {
    async append (records: readonly LogRecord[]) {
      await append(records)
      appended.push(...records)
    },
    async probe () {}
  }
  return { handle: createLoadStage({ sink, log, metrics: createLoadMetrics(new Registry()), now: () => 5000, ...(skip === undefined ? {} : { skip }) }), appended }
}

test('a batch is one insert, its rows in order', async () => {
  const sink = memorySink()
  await stageOn(sink).handle(batchOf([message(5), message(6), message(9)]))
  expect(sink.inserts).toHaveLength(1)
  expect(sink.inserts[0]).toMatchObject({ table: 'receipts', rows: [{ raw_offset: 5 }, { raw_offset: 6 }, { raw_offset: 9, records: { orders: 1 } }] })
})

describe('the token', () => {
  const tokenOf = async (batch: LogBatch): Promise<string | undefined> => {
    const sink = memorySink()
    await stageOn(sink).handle(batch)
    return sink.inserts[0]?.token
  }

  test('is the same for the same messages at the same place', async () => {
    expect(await tokenOf(batchOf([message(5), message(6)]))).toBe(await tokenOf(batchOf([message(5), message(6)])))
    expect(await tokenOf(batchOf([message(5), message(6)]))).toMatch(/^receipts:0:5-6:/)
  })

  test('differs with the range, the partition and the content: offsets of a log that was set up again are no repetition', async () => {
    const base = await tokenOf(batchOf([message(5), message(6)]))
    expect(await tokenOf(batchOf([message(5), message(6), message(7)]))).not.toBe(base)
    expect(await tokenOf({ ...batchOf([message(5), message(6)]), partition: 1 })).not.toBe(base)
    expect(await tokenOf(batchOf([message(5), message(6, codecs.receipts.encode(receipt(7)))]))).not.toBe(base)
  })
})

describe('a bad event hurts nobody else', () => {
  test('refused rows are found by halving and become dead letters; the others are loaded', async () => {
    const sink = memorySink((row) => row['raw_offset'] === 3 || row['raw_offset'] === 700)
    const { handle, appended } = stageOn(sink)
    await handle(batchOf(Array.from({ length: 1000 }, (_, offset) => message(offset))))
    expect(sink.inserts.flatMap(({ rows }) => rows)).toHaveLength(998)
    expect(sink.attempts).toBeLessThan(50)
    const letters = appended.map(({ topic, value }) => ({ appendedTo: topic, ...codecs.dead_letters.decode(value) }))
    expect(letters).toMatchObject([
      { appendedTo: 'dead-letters', stage: 'load', code: 'WAREHOUSE_REFUSED_DATA', log_topic: 'receipts', log_partition: 0, log_offset: 3, reason: 'ClickHouse refused the data: 53 TYPE_MISMATCH: cannot parse that' },
      { log_offset: 700 }
    ])
    expect(letters[0]?.payload.equals(message(3).value)).toBe(true)
  })

  test('a message without framing is a dead letter; its neighbours are loaded', async () => {
    const sink = memorySink()
    const { handle, appended } = stageOn(sink)
    await handle(batchOf([message(1), message(2, Buffer.from('garbage')), message(3)]))
    expect(sink.inserts.flatMap(({ rows }) => rows)).toHaveLength(2)
    expect(appended.map(({ value }) => codecs.dead_letters.decode(value))).toMatchObject([{ code: 'FRAME_MALFORMED', log_offset: 2, payload: Buffer.from('garbage') }])
  })

  test('an event that is sent again is no second dead letter, though its record differs; another event is', async () => {
    const codec = codecs.other_events
    const event = (eventId: string, delivered: number): Buffer => codec.encode({
      event_id: eventId, business: 'acme', source: 's', topic: 't', delivery_id: null, occurred_at: delivered, day: 1, received_at: delivered, raw_topic: 'nector.raw', raw_partition: 0, raw_offset: delivered, raw_index: 0,
      lead_id: null, shop_customer_id: null, email_hash: null, mobile_hash: null, identifiers: [], tier: null, type: null, extra: {}
    })
    const { handle, appended } = stageOn(memorySink(() => true))
    const [one, other] = ['2a867f6d-cb7f-4fb7-8da4-02a5d5dd1bd8', '3a867f6d-cb7f-4fb7-8da4-02a5d5dd1bd8'] as const
    await handle(batchOf([message(1, event(one, 1)), message(2, event(one, 2)), message(3, event(other, 3))], 'other_events'))
    const [first, again, another] = appended.map(({ value }) => codecs.dead_letters.decode(value).dead_letter_id)
    expect(again).toBe(first)
    expect(another).not.toBe(first)
  })

  test('the same failure of the same message has the same id', async () => {
    const ids = await Promise.all([1, 2].map(async () => {
      const { handle, appended } = stageOn(memorySink(() => true))
      await handle(batchOf([message(1)]))
      return appended[0]?.key
    }))
    expect(ids[0]).toBe(ids[1])
  })

  test('a batch is not acknowledged before its dead letters are durable', async () => {
    const { handle } = stageOn(memorySink(() => true), async () => { throw new Error('log is away') })
    await expect(handle(batchOf([message(1)]))).rejects.toThrow('log is away')
  })
})

const unknown = Buffer.from('c301010203040506070878', 'hex')

test('seven foreign bytes, which look like the framing of a registry, are a dead letter; their neighbours are loaded', async () => {
  const sink = memorySink()
  const { handle, appended } = stageOn(sink)
  const foreign = Buffer.from('00000000010203', 'hex')
  await handle(batchOf([message(1), message(2, foreign), message(3)]))
  expect(appended.map(({ value }) => codecs.dead_letters.decode(value))).toMatchObject([{ code: 'FRAME_MALFORMED', log_offset: 2, payload: foreign }])
  expect(sink.inserts.flatMap(({ rows }) => rows).length).toBe(2)
})

test('a record that an operator steps over is a dead letter unread; its topic goes on', async () => {
  const sink = memorySink()
  const { handle, appended } = stageOn(sink, undefined, parseRecordPositions('receipts:0:2'))
  await handle(batchOf([message(1), message(2, unknown), message(3)]))
  expect(appended.map(({ value }) => codecs.dead_letters.decode(value))).toMatchObject([{ code: 'RECORD_SKIPPED', log_offset: 2, payload: unknown }])
  expect(sink.inserts.flatMap(({ rows }) => rows).length).toBe(2)
})

test('a schema that only a newer version knows stops the topic and loses nothing', async () => {
  const { handle, appended } = stageOn(memorySink())
  await expect(handle(batchOf([message(1), message(2, unknown)]))).rejects.toMatchObject({ code: 'SCHEMA_UNKNOWN', retryable: true })
  expect(appended).toEqual([])
})

test('a refused dead letter stops its topic: it is not wrapped for ever', async () => {
  const letter = codecs.dead_letters.encode({ dead_letter_id: '2a867f6d-cb7f-4fb7-8da4-02a5d5dd1bd8', vendor: null, business: null, source: null, topic: null, delivery_id: null, stage: 'load', code: 'X', reason: '', received_at: null, failed_at: 1, raw_id: null, log_topic: 't', log_partition: 0, log_offset: 1, log_index: -1, payload: Buffer.from('x') })
  const { handle, appended } = stageOn(memorySink(() => true))
  await expect(handle(batchOf([message(1, letter)], 'dead-letters'))).rejects.toMatchObject({ retryable: true })
  expect(appended).toEqual([])
})

describe('what rows change', () => {
  const [activity] = transform(netcoreRaw({ p: [{ channel: 'custom_activity', event_params: { ts: 240110235959, activity_id: 2, identity: '' } }] }), { topic: 'netcore.raw', partition: 0, offset: 1 }, createSources(testBusinesses), 0).records
  if (activity === undefined) throw new Error('expected an activity')
  const { value } = encodeRecord(activity, 1000)
  const activities = (...offsets: readonly number[]): LogBatch => batchOf(offsets.map((offset) => message(offset, value)), 'activities')
  const change = { business: 'acme', kind: 'activities', keys: ['2024-01-10'], arrived_at: 1000, state: 0 }

  test('is noted before they are inserted, and appended after', async () => {
    const order: string[] = []
    const sink = memorySink()
    const { handle, appended } = stageOn({ insert: async (block, signal) => { order.push(block.table); await sink.insert(block, signal) } }, async ([record]) => { order.push(`appended to ${record?.topic}`) })
    await handle(activities(1, 2))
    expect(order).toEqual(['changes', 'activities', 'appended to changes'])
    expect(sink.inserts[0]?.rows).toMatchObject([change])
    expect(appended).toMatchObject([{ topic: 'changes', key: 'acme', timestamp: 1000 }])
    expect(appended.map((record) => codecs.changes.decode(record.value))).toEqual(sink.inserts[0]?.rows)
  })

  test('whatever was noted is appended, also for rows that are refused: it would wait for ever', async () => {
    const sink = memorySink((row) => 'action_id' in row)
    const { handle, appended } = stageOn(sink)
    await handle(activities(1, 2))
    const noted = sink.inserts.filter(({ table }) => table === 'changes').flatMap(({ rows }) => rows) as unknown as ReadonlyArray<{ readonly change_id: string }>
    const told = appended.filter(({ topic }) => topic === 'changes').map((record) => codecs.changes.decode(record.value).change_id)
    expect(noted.length).toBe(3)
    expect(told.toSorted()).toEqual(noted.map(({ change_id: id }) => id).toSorted())
  })

  test('is not acknowledged before it is appended', async () => {
    const failing = stageOn(memorySink(), async () => { throw new AppError(logErrors.LOG_UNAVAILABLE, 'away') })
    await expect(failing.handle(activities(1))).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
  })
})
