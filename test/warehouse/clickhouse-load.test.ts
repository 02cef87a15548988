import avsc, { type Schema } from 'avsc'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { avroContainer } from '../../load/avro-container.ts'
import { createLoadMetrics } from '../../load/load-metrics.ts'
import { createLoadStage } from '../../load/load-stage.ts'
import type { LogBatch } from '../../log/log-consumer.ts'
import { encodeRecord } from '../../transform/message-encoder.ts'
import { createSources } from '../../vendors/source.ts'
import { transform } from '../../transform/transform.ts'
import { clickHouseSink } from '../../warehouse/clickhouse-sink.ts'
import { netcoreRaw, testBusinesses } from '../samples/samples.ts'
import { createMemoryWriter } from '../support/memory-log.ts'
import { startMigratedWarehouse, type MigratedWarehouse } from './migrated-warehouse.ts'
import { deadLettersTopic } from '../../schemas/topics.ts'
import { codecs } from '../../schemas/codecs.ts'
import { blankRow } from '../support/blank-row.ts'

let warehouse: MigratedWarehouse
const log = createMemoryWriter()
let handle: (batch: LogBatch) => Promise<void>

beforeAll(async () => {
  warehouse = await startMigratedWarehouse()
  handle = createLoadStage({ sink: warehouse.sink, log, metrics: createLoadMetrics(new Registry()), now: Date.now })
})
afterAll(async () => { await warehouse.close() })

/** The messages of activities, as the transform stage writes them. */
function activities (years: readonly number[]): Buffer[] {
  const batch = { p: years.map((year, index) => ({ msgid: String(index), event_params: { ts: Number(`${String(year).padStart(2, '0')}0110173000`), activity_id: 2 } })) }
  const outcome = transform(netcoreRaw(batch), { topic: 'netcore.raw', partition: 0, offset: 1 }, createSources(testBusinesses), Date.now())
  return outcome.records.map((record) => encodeRecord(record, 0).value)
}

function batchOf (topic: string, values: readonly Buffer[], firstOffset: number): LogBatch {
  return { topic, partition: 0, records: values.map((value, index) => ({ offset: firstOffset + index, timestamp: Date.now(), value })), signal: new AbortController().signal }
}

const count = async (table: string): Promise<unknown> => (await warehouse.query(`SELECT count() AS n FROM landing.${table}`))[0]?.['n']

test('a batch with activities of a hundred years is one insert', async () => {
  await handle(batchOf('activities', activities(Array.from({ length: 100 }, (_, year) => year)), 0))
  expect(await count('activities')).toBe(100)
})

test('the same batch again adds nothing, even before any merge', async () => {
  const batch = batchOf('activities', activities([24, 24, 25]), 1000)
  await handle(batch)
  expect(await count('activities')).toBe(103)
  await handle(batch)
  expect(await count('activities')).toBe(103)
})

test('records that ClickHouse cannot read become dead letters; their neighbours are loaded', async () => {
  const before = Number(await count('coin_transactions'))
  const codec = codecs.coin_transactions
  const transaction = (index: number): Buffer => codec.encode({
    ...blankRow('coin_transactions'), event_id: `2a867f6d-cb7f-8fb7-8da4-0000000${String(index).padStart(5, '0')}`, business: 'acme', source: 's', topic: 'walletreward_create', occurred_at: 1, day: 1, received_at: 1, raw_topic: 't', raw_partition: 0, raw_offset: index, raw_index: 0, record_key: String(index), amount: Buffer.from([5]), extra: {}
  })
  const good = Array.from({ length: 200 }, (_, index) => transaction(index))
  const cut = good[100]?.subarray(0, 60)
  const values = good.map((value, index) => index === 100 && cut !== undefined ? cut : value)
  await handle(batchOf('coin_transactions', values, 0))
  const letters = log.records.filter(({ topic }) => topic === deadLettersTopic).map(({ value }) => codecs.dead_letters.decode(value))
  expect(letters.map((letter) => [letter.log_offset, letter.code])).toEqual([[100, 'WAREHOUSE_REFUSED_DATA']])
  expect(letters[0]?.payload.equals(cut ?? Buffer.alloc(0))).toBe(true)
  expect(await count('coin_transactions')).toBe(before + 199)
  expect(await warehouse.query("SELECT amount FROM landing.coin_transactions FINAL WHERE record_key = '7'")).toEqual([{ amount: '0.0000000005' }])
})

test('a message of an earlier schema, which lacks a field, takes the default of its column', async () => {
  const { current } = codecs.receipts
  const now = JSON.parse(current.json) as { fields: Array<{ name: string }> }
  const schema = { ...now, fields: now.fields.filter(({ name }) => name !== 'dead_letters') }
  const payload = avsc.Type.forSchema(schema as Schema).toBuffer({
    raw_id: '2a867f6d-cb7f-4fb7-8da4-02a5d5dd1bd8', vendor: 'nector', business: 'acme', source: 's', topic: null, delivery_id: null, received_at: 1, transformed_at: 2, raw_topic: 't', raw_partition: 0, raw_offset: 77, event_ids: [], records: {}, unreadable: {}, dead_letter_ids: []
  })
  const writer = { fingerprint: 'earlier', json: JSON.stringify(schema), fields: schema.fields.map(({ name }) => name) }
  await clickHouseSink(warehouse.client).insert({ table: 'receipts', columns: writer.fields, token: 'earlier', rows: 1, container: () => avroContainer(writer, [payload]) }, new AbortController().signal)
  expect(await warehouse.query('SELECT raw_offset, dead_letters FROM landing.receipts WHERE raw_offset = 77')).toEqual([{ raw_offset: 77, dead_letters: 0 }])
})
