import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { avroContainer } from '../../load/avro-container.ts'
import { confluentLog } from '../../log/confluent/confluent-log.ts'
import { openSchemaIds } from '../../log/confluent/schema-ids.ts'
import type { LogRecord } from '../../log/log-writer.ts'
import type { Log } from '../../log/log.ts'
import { codecs } from '../../schemas/codecs.ts'
import { readFrame } from '../../schemas/framing.ts'
import type { RecordName } from '../../schemas/records.ts'
import { decimalFromText } from '../../schemas/decimal.ts'
import { topics } from '../../schemas/topics.ts'
import { createMemoryLog } from '../support/memory-log.ts'
import { startFakeRegistry, type FakeRegistry } from '../registry/fake-registry.ts'
import { sampleMessages } from '../registry/sample-messages.ts'
import { startMigratedWarehouse, type MigratedWarehouse } from './migrated-warehouse.ts'
import { silent } from './server-fixture.ts'

// What a ClickHouse of somebody else's gets that reads our topics with its Kafka engine: messages one after another, in AvroConfluent.
let warehouse: MigratedWarehouse
let registry: FakeRegistry
let log: Log
let written: readonly LogRecord[]
const messages = sampleMessages()

beforeAll(async () => {
  registry = await startFakeRegistry()
  warehouse = await startMigratedWarehouse()
  const memory = createMemoryLog()
  const ids = await openSchemaIds({ registry: { url: registry.url }, topics, prefix: '', logger: silent, signal: new AbortController().signal })
  log = confluentLog(memory.log, ids)
  await log.internal.append(messages)
  written = memory.internal.records
})

afterAll(async () => {
  await warehouse.close()
  await registry.close()
})

const valuesOf = (records: readonly LogRecord[], name: string): Buffer[] => records.filter(({ topic }) => topic === name).map(({ value }) => value)

/** What a table of the record's own shape holds after an insert of these bytes. */
async function inserted (record: RecordName, format: string, values: Readable): Promise<readonly unknown[]> {
  const table = `t${randomUUID().replaceAll('-', '')}`
  const columns = codecs[record].current.fields.map((field) => `\`${field}\``).join(', ')
  await warehouse.client.command({ query: `CREATE TABLE ${table} AS landing.${record} ENGINE = Memory` })
  const { stream } = await warehouse.client.exec({
    query: `INSERT INTO ${table} (${columns}) FORMAT ${format}`,
    values,
    clickhouse_settings: { format_avro_schema_registry_url: registry.url }
  })
  stream.resume()
  await finished(stream)
  return await warehouse.query(`SELECT ${columns} FROM ${table}`)
}

test.each(topics.map(({ name, record }) => [name, record] as const))('ClickHouse reads %s as the loader loads it', async (name, record) => {
  const { current } = codecs[record]
  const own = valuesOf(messages, name).map((value) => readFrame(value).payload)
  const rows = await inserted(record, 'AvroConfluent', Readable.from([Buffer.concat(valuesOf(written, name))], { objectMode: false }))
  expect(rows).toHaveLength(own.length)
  expect(rows).toEqual(await inserted(record, 'Avro', avroContainer(current, own)))
})

test('decimals, times and maps are what was written', async () => {
  const codec = codecs.coin_transactions
  const [sample] = valuesOf(messages, 'coin_transactions')
  const value = codec.encode({
    ...codec.decode(sample ?? Buffer.alloc(0)), amount: decimalFromText('-849.5400000001')?.value ?? null, closing_balance: null, occurred_at: 1704888000123, day: 20000, extra: { 'meta.a': 'b', ü: '' }
  })
  await log.internal.append([{ topic: 'coin_transactions', key: 'k', timestamp: 1, value }])
  const framed = valuesOf(written, 'coin_transactions').at(-1)
  expect(await inserted('coin_transactions', 'AvroConfluent', Readable.from([framed], { objectMode: false }))).toMatchObject([{
    amount: '-849.5400000001', closing_balance: null, occurred_at: '2024-01-10 12:00:00.123', day: '2024-10-04', extra: { 'meta.a': 'b', ü: '' }
  }])
})
