import { afterAll, beforeAll, expect, test } from 'vitest'
import { Readable } from 'node:stream'
import type { Schema } from 'avsc'
import { createWarehouseClient } from '../../warehouse/clickhouse-client.ts'
import type { ClickHouseClient } from '../../warehouse/clickhouse-client.ts'
import type { EmbeddedServer } from '../../warehouse/embedded/embedded-server.ts'
import { avroContainer } from './avro-container.ts'
import { newDataDir, removeDataDir, startTestServer } from './server-fixture.ts'

// What the loader relies on, as it passes Avro through without looking into it.
let dataDir: string
let server: EmbeddedServer
let client: ClickHouseClient

beforeAll(async () => {
  dataDir = await newDataDir()
  server = await startTestServer({ dataDir })
  client = createWarehouseClient(server)
})

afterAll(async () => {
  await client.close()
  await server.close()
  await removeDataDir(dataDir)
})

async function insert (table: string, type: Schema, values: readonly unknown[], settings = {}): Promise<void> {
  const schema: Schema = { type: 'record', name: 'Row', fields: [{ name: 'n', type: 'int' }, { name: 'v', type }] }
  const container = avroContainer(schema, values.map((v, n) => ({ n, v })))
  const { stream } = await client.exec({ query: `INSERT INTO ${table} (n, v) FORMAT Avro`, values: Readable.from([container]), clickhouse_settings: settings })
  stream.resume()
}

async function column (query: string): Promise<readonly unknown[]> {
  const result = await client.query({ query, format: 'JSONCompactEachRow' })
  return (await result.json<[unknown]>()).map(([value]) => value)
}

const decimal: Schema = { type: 'bytes', logicalType: 'decimal', precision: 38, scale: 10 }
const date: Schema = { type: 'int', logicalType: 'date' }
const uuid = '6f0e8a3c-5a86-4d7c-9a8e-1d2c3b4a5f60'
const bytes = (...values: readonly number[]): { bytes: Buffer } => ({ bytes: Buffer.from(values) })

test.each<[string, Schema, string, readonly unknown[], readonly unknown[]]>([
  ['map of int', { type: 'map', values: 'int' }, 'Map(String, Int32)', [{ a: 1, b: -2 }, {}], ["{'a':1,'b':-2}", '{}']],
  ['array of uuid', { type: 'array', items: { type: 'string', logicalType: 'uuid' } }, 'Array(UUID)', [[uuid], []], [`['${uuid}']`, '[]']],
  ['string', 'string', 'UUID', [uuid], [uuid]],
  ['bytes', 'bytes', 'String', [Buffer.from('a\0b')], ['a\0b']],
  ['nullable decimal', ['null', decimal], 'Nullable(Decimal(38, 10))', [
    null, bytes(0), bytes(1), bytes(0xff), bytes(0x80), bytes(0, 0x80), bytes(0xff, 0xff, 0x38), bytes(0x7, 0xb9, 0xfd, 0x4c, 0x9a, 0x0), bytes(...Array<number>(16).fill(0xff))
  ], [null, '0', '0.0000000001', '-0.0000000001', '-0.0000000128', '0.0000000128', '-0.00000002', '849.54', '-0.0000000001']],
  ['nullable date', ['null', date], 'Nullable(Date)', [null, { int: 20000 }, { int: 0 }], [null, '2024-10-04', '1970-01-01']],
  ['nullable date', ['null', date], 'Nullable(Date32)', [null, { int: 20000 }, { int: -1 }], [null, '2024-10-04', '1969-12-31']]
])('Avro %s loads into the column', async (_, type, target, values, expected) => {
  await client.command({ query: `CREATE OR REPLACE TABLE t (n Int32, v ${target}) ENGINE = MergeTree ORDER BY n` })
  await insert('t', type, values)
  expect(await column('SELECT toString(v) FROM t ORDER BY n')).toEqual(expected)
})

test('a block with a token that was seen is dropped, even with other rows, a partition at a time', async () => {
  for (const engine of ['MergeTree', 'ReplacingMergeTree']) {
    await client.command({ query: `CREATE OR REPLACE TABLE t (n Int32, v String) ENGINE = ${engine} PARTITION BY v ORDER BY n SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1` })
    await insert('t', 'string', ['a'], { insert_deduplication_token: 'one' })
    await insert('t', 'string', ['a', 'a'], { insert_deduplication_token: 'one' })
    await insert('t', 'string', ['a', 'b'], { insert_deduplication_token: 'one' })
    expect(await column('SELECT v FROM t ORDER BY v')).toEqual(['a', 'b'])
    await insert('t', 'string', ['c'], { insert_deduplication_token: 'two' })
    expect(await column('SELECT count() FROM t')).toEqual([3])
  }
})
