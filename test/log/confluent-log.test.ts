import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { confluentLog } from '../../log/confluent/confluent-log.ts'
import { openSchemaIds } from '../../log/confluent/schema-ids.ts'
import type { LogBatch } from '../../log/log-consumer.ts'
import type { Log } from '../../log/log.ts'
import { codecs } from '../../schemas/codecs.ts'
import { topics } from '../../schemas/topics.ts'
import { startFakeRegistry, type FakeRegistry } from '../registry/fake-registry.ts'
import { sampleMessages } from '../registry/sample-messages.ts'
import { collectLines } from '../registry/warnings.ts'
import { consumeOptions } from './log-fixtures.ts'
import { createMemoryLog, type MemoryLog } from '../support/memory-log.ts'

let registry: FakeRegistry
let memory: MemoryLog
let log: Log

beforeEach(async () => {
  registry = await startFakeRegistry()
  memory = createMemoryLog()
  const ids = await openSchemaIds({ registry: { url: registry.url }, topics, prefix: 'p.', logger: collectLines().logger, signal: new AbortController().signal })
  log = confluentLog(memory.log, ids)
})

afterEach(async () => { await registry.close() })

const messages = sampleMessages()
const valuesOf = (topic: string): Buffer[] => messages.filter((message) => message.topic === topic).map(({ value }) => value)
const leads = codecs.leads

/** The batches that a handler of the topic is handed. */
async function received (topic: string): Promise<LogBatch[]> {
  const batches: LogBatch[] = []
  await log.consume(consumeOptions('g', [topic]), async (batch) => { batches.push(batch) })
  return batches
}

test('the samples have a message for every topic', () => {
  expect(new Set(messages.map(({ topic }) => topic))).toEqual(new Set(topics.map(({ name }) => name)))
})

describe.each(['intake', 'internal'] as const)('%s', (writer) => {
  test('writes a zero byte, the id of the schema, and the record as it was', async () => {
    await log[writer].append(messages)
    expect(memory[writer].records.map(({ value, ...rest }) => rest)).toEqual(messages.map(({ value, ...rest }) => rest))
    for (const [index, { value }] of memory[writer].records.entries()) {
      expect(value[0]).toBe(0)
      expect(value.subarray(5).equals(messages[index]?.value.subarray(10) ?? Buffer.alloc(0))).toBe(true)
    }
  })

  test('leaves the records of the caller as they are, for it may append them again', async () => {
    const before = messages.map(({ value }) => Buffer.from(value))
    await log[writer].append(messages)
    await log[writer].append(messages)
    expect(messages.every(({ value }, index) => value.equals(before[index] ?? Buffer.alloc(0)))).toBe(true)
    expect(memory[writer].records.slice(messages.length)).toEqual(memory[writer].records.slice(0, messages.length))
  })

  test('refuses what is not of the topic\'s schema, with nothing written', async () => {
    const [order] = valuesOf('orders')
    await expect(log[writer].append([{ topic: 'leads', key: 'k', timestamp: 1, value: order ?? Buffer.alloc(0) }])).rejects.toMatchObject({ code: 'INTERNAL' })
    expect(memory[writer].records).toEqual([])
  })
})

test('another client of the registry reads what is written', async () => {
  await log.internal.append(messages)
  const reader = new SchemaRegistry({ host: registry.url })
  for (const [index, { topic, value }] of memory.internal.records.entries()) {
    const record = topics.find(({ name }) => name === topic)?.record ?? 'leads'
    expect(await reader.decode(value)).toEqual(codecs[record].decode(messages[index]?.value ?? Buffer.alloc(0)))
  }
})

describe('a consumer', () => {
  test('gets single-object encoding back, byte for byte', async () => {
    await log.internal.append(messages)
    for (const { name } of topics) {
      const batches = await received(name)
      await memory.deliver(name, memory.internal.records.filter(({ topic }) => topic === name).map(({ value }) => value))
      expect(batches.map(({ records }) => records.map(({ value }) => value))).toEqual([valuesOf(name)])
      expect(batches[0]?.records[0]).toMatchObject({ offset: 0, timestamp: 1000 })
    }
  })

  test('gets what was written before the registry was set, among the rest, and what is no framing', async () => {
    const [old] = valuesOf('leads')
    await log.internal.append(messages)
    const [framed] = memory.internal.records.filter(({ topic }) => topic === 'leads')
    const batches = await received('leads')
    const garbage = Buffer.from('garbage')
    await memory.deliver('leads', [old, framed?.value, garbage, Buffer.alloc(9), old].map((value) => value ?? Buffer.alloc(0)))
    expect(batches[0]?.records.map(({ value }) => value)).toEqual([old, old, garbage, Buffer.alloc(9), old])
  })

  test('leaves the delivered bytes as they are', async () => {
    await log.internal.append(messages)
    const [framed] = memory.internal.records.filter(({ topic }) => topic === 'leads').map(({ value }) => value)
    const before = Buffer.from(framed ?? '')
    await received('leads')
    await memory.deliver('leads', [framed ?? Buffer.alloc(0)])
    expect(framed?.equals(before)).toBe(true)
  })

  const withId = (id: number): Buffer => {
    const message = Buffer.concat([Buffer.alloc(5), valuesOf('leads')[0]?.subarray(10) ?? Buffer.alloc(0)])
    message.writeInt32BE(id, 1)
    return message
  }

  test('gets a schema that was registered by others and is ours, with one request', async () => {
    const id = registry.add(JSON.stringify({ ...JSON.parse(leads.current.json) as object, doc: 'other' }))
    const batches = await received('leads')
    const before = registry.requests.length
    await memory.deliver('leads', [withId(id), withId(id)])
    await memory.deliver('leads', [withId(id)])
    expect(batches.flatMap(({ records }) => records.map(({ value }) => leads.decode(value)))).toEqual(Array(3).fill(leads.decode(valuesOf('leads')[0] ?? Buffer.alloc(0))))
    expect(registry.requests.slice(before)).toEqual([`GET /schemas/ids/${id}`])
  })

  test('gets a schema that is not ours under its own fingerprint, for the stage to refuse', async () => {
    const id = registry.add('{"type":"record","name":"later","fields":[]}')
    const batches = await received('leads')
    await memory.deliver('leads', [withId(id)])
    expect(() => leads.decode(batches[0]?.records[0]?.value ?? Buffer.alloc(0))).toThrow(expect.objectContaining({ code: 'SCHEMA_UNKNOWN', retryable: true }))
  })

  test('is handed a message with an id that the registry does not have as it is, to refuse it; its neighbours are unframed', async () => {
    const batches = await received('leads')
    const id = registry.add(JSON.stringify({ ...JSON.parse(leads.current.json) as object, doc: 'another' }))
    const seven = Buffer.from('00000000010203', 'hex')
    seven.writeInt32BE(77, 1)
    await memory.deliver('leads', [withId(id), seven, withId(id)])
    const [one, foreign, two] = batches[0]?.records.map(({ value }) => value) ?? []
    expect(() => leads.decode(foreign ?? Buffer.alloc(0))).toThrow(expect.objectContaining({ code: 'FRAME_MALFORMED', retryable: false }))
    for (const value of [one, two]) expect(leads.decode(value ?? Buffer.alloc(0))).toBeDefined()
  })

  test('is not handed a batch with an id that the registry cannot tell now; the next topic is', async () => {
    await log.internal.append(messages)
    registry.fail(() => ({ status: 503, body: '' }))
    const batches = await received('leads')
    const others = await received('orders')
    await expect(memory.deliver('leads', [withId(77)])).rejects.toMatchObject({ code: 'SCHEMA_REGISTRY_UNAVAILABLE', retryable: true })
    await memory.deliver('orders', memory.internal.records.filter(({ topic }) => topic === 'orders').map(({ value }) => value))
    expect(batches).toEqual([])
    expect(others).toHaveLength(1)
  })

  test('does not wait for the registry where its batch is taken away', async () => {
    registry.fail(() => 'silence')
    await received('leads')
    const ours = new AbortController()
    const delivered = memory.deliver('leads', [withId(77)], ours.signal)
    ours.abort(new Error('rebalanced'))
    await expect(delivered).rejects.toThrow('rebalanced')
  })

  test('rejects as its handler does', async () => {
    await log.consume(consumeOptions('g', ['leads']), async () => { throw new Error('warehouse is away') })
    await expect(memory.deliver('leads', valuesOf('leads'))).rejects.toThrow('warehouse is away')
  })
})

test('the rest is the log\'s own', async () => {
  await log.intake.probe()
  const subscription = await log.consume(consumeOptions('g', ['leads']), async () => {})
  await subscription.close()
  expect(await log.lag()).toHaveLength(1)
  expect(await log.backlog()).toEqual({ bytes: 1, limit: 2 })
  await log.close()
  expect(memory.intake.probes).toBe(1)
  expect(memory.closed).toEqual(['subscription', 'log'])
})
