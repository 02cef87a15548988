import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { Readable } from 'node:stream'
import type { Schema } from 'avsc'
import { AppError } from '../../runtime/errors.ts'
import { createWarehouseClient } from '../../warehouse/clickhouse-client.ts'
import type { ClickHouseClient } from '../../warehouse/clickhouse-client.ts'
import { classifyClickHouseError } from '../../warehouse/clickhouse-errors.ts'
import type { EmbeddedServer } from '../../warehouse/embedded/embedded-server.ts'
import { avroContainer } from './avro-container.ts'
import { newDataDir, passwords, removeDataDir, startTestServer } from './server-fixture.ts'
import { schemaErrors } from '../../schemas/schema-errors.ts'

let dataDir: string
let server: EmbeddedServer
let client: ClickHouseClient

beforeAll(async () => {
  dataDir = await newDataDir()
  server = await startTestServer({ dataDir })
  client = createWarehouseClient(server)
  await client.command({ query: 'CREATE DATABASE landing' })
  await client.command({ query: 'CREATE TABLE landing.t (id UUID, word String, coins Decimal(38, 10)) ENGINE = MergeTree ORDER BY id' })
})

afterAll(async () => {
  await client.close()
  await server.close()
  await removeDataDir(dataDir)
})

const schema: Schema = {
  type: 'record',
  name: 'Row',
  fields: [
    { name: 'id', type: 'string' },
    { name: 'word', type: 'string' },
    { name: 'coins', type: { type: 'bytes', logicalType: 'decimal', precision: 38, scale: 10 } }
  ]
}
const id = '6f0e8a3c-5a86-4d7c-9a8e-1d2c3b4a5f60'
const row = { id, word: 'word', coins: Buffer.from([1]) }
const good = avroContainer(schema, [row, row])

async function load (container: Buffer, into = 'landing.t (id, word, coins)', as = client): Promise<AppError | undefined> {
  try {
    const { stream } = await as.exec({ query: `INSERT INTO ${into} FORMAT Avro`, values: Readable.from([container]) })
    stream.resume()
    return undefined
  } catch (error) {
    return classifyClickHouseError(error)
  }
}

function corrupted (at: number, byte: number): Buffer {
  const copy = Buffer.from(good)
  copy[at] = byte
  return copy
}

test('a good container loads', async () => {
  expect(await load(good)).toBeUndefined()
})

const refused = { code: 'WAREHOUSE_REFUSED_DATA', retryable: false }
const unavailable = { code: 'WAREHOUSE_UNAVAILABLE', retryable: true }

describe('the fault of the data', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['no Avro', Buffer.from('{"id":1}')],
    ['an unknown magic', corrupted(0, 0)],
    ['an end in the header', good.subarray(0, 20)],
    ['an end in the block', good.subarray(0, good.length - 30)],
    ['no sync marker', good.subarray(0, good.length - 16)],
    ['a wrong sync marker', corrupted(good.length - 1, 0)],
    ['an impossible length', corrupted(good.length - 16 - 2, 0xff)],
    ['a broken schema', Buffer.from(good.toString('latin1').replace('"record"', '"recxrd"'), 'latin1')],
    ['bytes after the end', Buffer.concat([good, Buffer.from('junkjunkjunkjunk')])]
  ])('%s: a corrupt container', async (_, container) => {
    expect(await load(container)).toMatchObject({ ...refused, fields: { clickHouseCode: 1001, clickHouseType: 'avro::Exception' } })
  })

  test.each([
    ['no uuid', { ...row, id: 'not-a-uuid' }, 376],
    ['a decimal without a byte', { ...row, coins: Buffer.alloc(0) }, 321],
    ['a decimal of 17 bytes', { ...row, coins: Buffer.alloc(17, 1) }, 321]
  ])('%s', async (_, bad, clickHouseCode) => {
    expect(await load(avroContainer(schema, [row, bad]))).toMatchObject({ ...refused, fields: { clickHouseCode } })
  })

  test('its text, which quotes the value, is only in the cause', async () => {
    const error = await load(avroContainer(schema, [{ ...row, id: 'jane@example.com' }]))
    expect(error?.message + JSON.stringify(error?.fields)).not.toContain('jane')
    expect(String(error?.cause)).toContain('jane')
  })
})

describe('not the fault of the data', () => {
  test.each([
    ['a column that is not there yet', 'landing.t (id, word, coins, later)', 16],
    ['a table that is not there yet', 'landing.later (id)', 60],
    ['a database that is not there yet', 'later.t (id)', 81]
  ])('%s', async (_, into, clickHouseCode) => {
    expect(await load(good, into)).toMatchObject({ ...unavailable, fields: { clickHouseCode } })
  })

  test.each([
    [{ max_memory_usage: '1000000' }, 'SELECT length(groupArray(number)) FROM numbers(10000000)', 241],
    [{ max_execution_time: 1 }, 'SELECT max(cityHash64(a.number, b.number)) FROM numbers(1000000) AS a CROSS JOIN numbers(1000000) AS b', 159]
  ])('a query over its limits: %o', async (clickhouse_settings, query, clickHouseCode) => {
    const error = await client.command({ query, clickhouse_settings }).catch((reason: unknown) => classifyClickHouseError(reason))
    expect(error).toMatchObject({ ...unavailable, fields: { clickHouseCode } })
  })

  test('rights and passwords', async () => {
    for (const [user, password, clickHouseCode] of [['bi', passwords.bi, 497], ['bi', 'wrong', 516]] as const) {
      const other = createWarehouseClient({ url: server.url, user, password })
      const error = await other.query({ query: 'SELECT * FROM landing.t' }).catch((reason: unknown) => classifyClickHouseError(reason))
      expect(error).toMatchObject({ ...unavailable, fields: { clickHouseCode } })
      await other.close()
    }
  })

  test('no server, a server that hangs up, and one that does not answer', async () => {
    const rude = createServer((socket) => { socket.on('error', () => {}); socket.destroy() }).listen(0, '127.0.0.1')
    const mute = createServer((socket) => { socket.on('error', () => {}) }).listen(0, '127.0.0.1')
    await Promise.all([once(rude, 'listening'), once(mute, 'listening')])
    const ports = [1, ...[rude, mute].map((listener) => (listener.address() as { port: number }).port)]
    for (const port of ports) {
      const other = createWarehouseClient({ url: `http://127.0.0.1:${port}`, user: 'loyalty', password: 'x' }, { requestTimeoutMs: 200 })
      expect(await load(good, 'landing.t', other)).toMatchObject(unavailable)
      await other.close()
    }
    rude.close()
    mute.close()
  })

  test.each([32, 33, 159, 198, 202, 209, 210, 225, 236, 241, 242, 243, 252, 253, 279, 285, 286, 319, 341, 394, 517, 999])('an unknown fate, or a shortage that passes: %i', async (code) => {
    const query = `SELECT throwIf(1, 'from shard 2', toInt16(${code})) SETTINGS allow_custom_error_code_in_throwif = 1`
    const error = await client.command({ query }).catch((reason: unknown) => classifyClickHouseError(reason))
    expect(error).toMatchObject({ ...unavailable, fields: { clickHouseCode: code } })
  })

  test('what nobody thought of', () => {
    expect(classifyClickHouseError(new Error('what?'))).toMatchObject(unavailable)
    expect(classifyClickHouseError(new Error('std::exception. Code: 1001, type: std::bad_alloc, e.what() = std::bad_alloc'))).toMatchObject(unavailable)
    expect(classifyClickHouseError(undefined)).toMatchObject(unavailable)
    const known = new AppError(schemaErrors.SCHEMA_UNKNOWN, 'already classified')
    expect(classifyClickHouseError(known)).toBe(known)
  })
})
