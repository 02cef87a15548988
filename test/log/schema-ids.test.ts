import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSchemaIds, type SchemaIds, type SchemaIdsOptions } from '../../log/confluent/schema-ids.ts'
import { packageRoot } from '../../runtime/package-root.ts'
import { codecs } from '../../schemas/codecs.ts'
import { topics } from '../../schemas/topics.ts'
import { startFakeRegistry, type FakeRegistry } from '../registry/fake-registry.ts'
import { collectLines } from '../registry/warnings.ts'

let registry: FakeRegistry
let running: AbortController
const { logger, lines } = collectLines()
const orders = codecs.orders.current
const ordersTopic = topics.filter(({ name }) => name === 'orders')

beforeEach(async () => {
  registry = await startFakeRegistry()
  running = new AbortController()
})

afterEach(async () => {
  running.abort()
  await registry.close()
})

async function open (options: Partial<SchemaIdsOptions> = {}): Promise<SchemaIds> {
  return await openSchemaIds({ registry: { url: registry.url }, topics: ordersTopic, prefix: '', logger, signal: running.signal, backoff: { firstMs: 1, longestMs: 5 }, ...options })
}

describe('at the start', () => {
  test('every topic has its schema under <topic>-value', async () => {
    const ids = await open({ topics })
    expect([...registry.subjects.keys()]).toEqual(topics.map(({ name }) => `${name}-value`))
    for (const { name, record } of topics) {
      const { fingerprint } = codecs[record].current
      const header = ids.headerOf(name, fingerprint)
      expect(header).toHaveLength(5)
      expect(header[0]).toBe(0)
      expect(ids.fingerprintOf(header.readInt32BE(1))?.toString('hex')).toBe(fingerprint)
    }
  })

  test('the subjects have the prefix of the topics', async () => {
    await open({ prefix: 'acme.' })
    expect([...registry.subjects.keys()]).toEqual(['acme.orders-value'])
  })

  test('a schema is registered with logical types, defaults and documentation', async () => {
    await open()
    const file: unknown = JSON.parse(readFileSync(join(packageRoot, 'schemas/orders.avsc'), 'utf8'))
    expect(registry.subjects.get('orders-value')?.map((schema) => JSON.parse(schema) as unknown)).toEqual([file])
  })

  test('a subject without a compatibility gets one that holds for old and new readers', async () => {
    await open()
    expect(registry.levels.get('orders-value')).toBe('FULL_TRANSITIVE')
  })

  test.each(['BACKWARD', 'NONE'])('a compatibility of somebody else, %s, is left alone', async (level) => {
    registry.levels.set('orders-value', level)
    const before = lines.length
    await open()
    expect(registry.levels.get('orders-value')).toBe(level)
    expect(registry.subjects.has('orders-value')).toBe(true)
    expect(lines.slice(before).map(({ msg }) => msg)).toEqual(level === 'NONE' ? ['the schema registry checks nothing for a subject, as its compatibility says'] : [])
  })

  test('a second start changes nothing', async () => {
    const first = (await open()).headerOf('orders', orders.fingerprint)
    expect((await open()).headerOf('orders', orders.fingerprint)).toEqual(first)
    expect(registry.subjects.get('orders-value')).toHaveLength(1)
  })

  test('user and password are sent', async () => {
    await open({ registry: { url: `${registry.url}/`, user: 'u', password: 'p:w' } })
    expect([...registry.authorizations]).toEqual([`Basic ${Buffer.from('u:p:w').toString('base64')}`])
  })

  test.each<[string, number, unknown, string, RegExp]>([
    ['an incompatible schema', 409, { error_code: 409, message: 'READER_FIELD_MISSING_DEFAULT_VALUE lead_id' }, 'SCHEMA_INCOMPATIBLE', /orders-value \(FULL_TRANSITIVE\).*READER_FIELD_MISSING_DEFAULT_VALUE lead_id.*KAFKA_PREFIX/],
    ['a schema that is refused', 422, { error_code: 42201, message: 'no Avro' }, 'SCHEMA_INCOMPATIBLE', /orders-value.*no Avro/],
    ['no credentials', 401, '', 'CONFIG_INVALID', /SCHEMA_REGISTRY_USER, SCHEMA_REGISTRY_PASSWORD.*401/],
    ['too few rights', 403, { error_code: 40301, message: 'no rights' }, 'CONFIG_INVALID', /SCHEMA_REGISTRY_USER.*orders-value.*no rights/],
    ['another server', 404, '<html>', 'CONFIG_INVALID', /SCHEMA_REGISTRY_URL/],
    ['a page that is always there', 200, '<html>', 'CONFIG_INVALID', /SCHEMA_REGISTRY_URL/]
  ])('%s ends it', async (_name, status, body, code, message) => {
    registry.fail((request) => request.startsWith('GET /config') && status !== 200 ? undefined : { status, body })
    await expect(open()).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string })
  })

  test.each<[string, { status: number, body: unknown } | 'silence']>([
    ['overloaded', { status: 503, body: '' }],
    ['throttling', { status: 429, body: { message: 'slow down' } }]
  ])('a registry that is %s is waited for, with a warning a try', async (_name, fault) => {
    const before = lines.length
    registry.fail(() => fault)
    const opened = open()
    while (lines.length < before + 3) await new Promise((resolve) => setTimeout(resolve, 5))
    registry.fail(undefined)
    await opened
    expect(lines[before]).toMatchObject({ level: 40, subject: 'orders-value', attempt: 1, err: { code: 'SCHEMA_REGISTRY_UNAVAILABLE' } })
  })

  test('a registry that is not there is waited for until the shutdown', async () => {
    const { url } = registry
    await registry.close()
    const before = lines.length
    const opened = open({ registry: { url } })
    opened.catch(() => {})
    while (lines.length < before + 3) await new Promise((resolve) => setTimeout(resolve, 5))
    running.abort(new Error('stop'))
    await expect(opened).rejects.toThrow('stop')
    registry = await startFakeRegistry()
  })

  test('the shutdown does not wait for an answer', async () => {
    registry.fail(() => 'silence')
    const opened = open()
    opened.catch(() => {})
    while (registry.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    running.abort(new Error('stop'))
    await expect(opened).rejects.toThrow('stop')
  })

  test('a registry that never answers counts as away', async () => {
    registry.fail(() => 'silence')
    const before = lines.length
    const opened = open({ registry: { url: registry.url, requestTimeoutMs: 100 } })
    while (lines.length === before) await new Promise((resolve) => setTimeout(resolve, 5))
    registry.fail(undefined)
    await opened
    expect(lines[before]).toMatchObject({ err: { code: 'SCHEMA_REGISTRY_UNAVAILABLE' } })
  })
})

describe('an id that is not known yet', () => {
  const fetches = (): number => registry.requests.filter((request) => request.startsWith('GET /schemas/ids/')).length
  const schema = JSON.stringify({ ...JSON.parse(orders.json) as object, doc: 'the same, documented otherwise', aliases: ['o'] })

  test('is asked for once, however many ask, and kept', async () => {
    const ids = await open()
    const id = registry.add(schema)
    expect(ids.fingerprintOf(id)).toBeUndefined()
    await Promise.all([ids.learn([id]), ids.learn([id]), ids.learn([id])])
    expect(ids.fingerprintOf(id)?.toString('hex')).toBe(orders.fingerprint)
    await ids.learn([id])
    expect(fetches()).toBe(1)
  })

  test('is asked for again where that failed', async () => {
    const ids = await open()
    const id = registry.add(schema)
    registry.fail(() => ({ status: 500, body: { message: 'broken' } }))
    await expect(ids.learn([id])).rejects.toMatchObject({ code: 'SCHEMA_REGISTRY_UNAVAILABLE', retryable: true })
    registry.fail(undefined)
    await ids.learn([id])
    expect(ids.fingerprintOf(id)?.toString('hex')).toBe(orders.fingerprint)
  })

  test.each<[string, () => number, number | undefined, string, RegExp]>([
    ['of a broken schema', () => registry.add('{"type":"rec'), undefined, 'SCHEMA_UNKNOWN', /Avro schema/],
    ['without rights', () => registry.add(schema), 401, 'SCHEMA_REGISTRY_UNAVAILABLE', /SCHEMA_REGISTRY_USER/]
  ])('%s is told, and may be tried again', async (_name, add, status, code, message) => {
    const ids = await open()
    if (status !== undefined) registry.fail(() => ({ status, body: '' }))
    await expect(ids.learn([add()])).rejects.toMatchObject({ code, retryable: true, message: expect.stringMatching(message) as string })
  })
  test.each<[string, () => number]>([
    ['of another registry', () => 99],
    ['of a JSON schema', () => registry.add('{"type":"object"}', 'JSON')]
  ])('%s stays unknown: no wait would help', async (_name, add) => {
    const ids = await open()
    const id = add()
    await ids.learn([id])
    expect(ids.fingerprintOf(id)).toBeUndefined()
  })
})
