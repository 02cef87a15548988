import { randomUUID } from 'node:crypto'
import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'
import { beforeAll, describe, expect, test } from 'vitest'
import { confluentLog } from '../../log/confluent/confluent-log.ts'
import { openSchemaIds, type SchemaIds } from '../../log/confluent/schema-ids.ts'
import type { Log } from '../../log/log.ts'
import { codecs } from '../../schemas/codecs.ts'
import { topics, type Topic } from '../../schemas/topics.ts'
import { consumeOptions } from '../log/log-fixtures.ts'
import { createMemoryLog } from '../support/memory-log.ts'
import { findRegistry, startRealRegistry, type RealRegistry } from './real-registry.ts'
import { sampleMessages } from './sample-messages.ts'
import { collectLines } from './warnings.ts'

const source = await findRegistry()

if (source.kind === 'none') {
  test('with a real schema registry', (context) => {
    if (process.env['REQUIRE_KAFKA'] === '1') throw new Error(source.reason)
    context.skip(source.reason)
  })
} else {
  describe('with a real schema registry', () => {
    let registry: RealRegistry
    beforeAll(async () => {
      registry = await startRealRegistry(source.folder)
      return async () => { await registry.stop() }
    })

    const { logger, lines } = collectLines()
    const newPrefix = (): string => `${randomUUID().slice(0, 8)}.`
    const ordersTopic = topics.filter(({ name }) => name === 'orders')
    const open = async (prefix: string, ofTopics: readonly Topic[] = ordersTopic): Promise<SchemaIds> =>
      await openSchemaIds({ registry: { url: registry.url }, topics: ofTopics, prefix, logger, signal: AbortSignal.timeout(30_000) })

    async function ask (path: string, method = 'GET', body?: unknown): Promise<{ readonly status: number, readonly body: unknown }> {
      const response = await fetch(`${registry.url}${path}`, { method, headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' }, body: body === undefined ? null : JSON.stringify(body) })
      return { status: response.status, body: await response.json() }
    }

    /** The schema of a topic, changed. */
    const orders = (change: (schema: { fields: Array<Record<string, unknown>> }) => void): string => {
      const schema = JSON.parse(codecs.orders.current.json) as { fields: Array<Record<string, unknown>> }
      change(schema)
      return JSON.stringify(schema)
    }

    test('every subject has the schema as it is in schemas/, and a compatibility', async () => {
      const prefix = newPrefix()
      await open(prefix, topics)
      for (const { name, record } of topics) {
        const { body } = await ask(`/subjects/${prefix}${name}-value/versions/latest`)
        expect(JSON.parse((body as { schema: string }).schema)).toEqual(JSON.parse(codecs[record].current.json))
        expect(await ask(`/config/${prefix}${name}-value`)).toMatchObject({ body: { compatibilityLevel: 'FULL_TRANSITIVE' } })
      }
      expect(lines).toEqual([])
    })

    test('a second start finds the same ids and adds no version', async () => {
      const prefix = newPrefix()
      const { fingerprint } = codecs.orders.current
      const first = (await open(prefix)).headerOf('orders', fingerprint)
      expect((await open(prefix)).headerOf('orders', fingerprint)).toEqual(first)
      expect(await ask(`/subjects/${prefix}orders-value/versions`)).toMatchObject({ body: [1] })
    })

    test('what is written is read by another client, and comes back byte for byte', async () => {
      const memory = createMemoryLog()
      const log: Log = confluentLog(memory.log, await open(newPrefix(), topics))
      const messages = sampleMessages()
      await log.internal.append(messages)
      const reader = new SchemaRegistry({ host: registry.url })
      for (const [index, { topic, value }] of memory.internal.records.entries()) {
        const record = topics.find(({ name }) => name === topic)?.record ?? 'leads'
        expect(await reader.decode(value)).toEqual(codecs[record].decode(messages[index]?.value ?? Buffer.alloc(0)))
      }
      for (const { name } of topics) {
        const received: Buffer[] = []
        await log.consume(consumeOptions('g', [name]), async ({ records }) => { received.push(...records.map(({ value }) => value)) })
        await memory.deliver(name, memory.internal.records.filter(({ topic }) => topic === name).map(({ value }) => value))
        expect(received).toEqual(messages.filter(({ topic }) => topic === name).map(({ value }) => value))
      }
    })

    test('a schema that only adds is taken by the registry, as a later version of ours would be', async () => {
      const prefix = newPrefix()
      await open(prefix)
      const schema = orders(({ fields }) => fields.push({ name: 'new_field', type: ['null', 'string'], default: null }))
      expect(await ask(`/subjects/${prefix}orders-value/versions`, 'POST', { schema })).toMatchObject({ status: 200 })
      // and this version still starts beside it
      await open(prefix)
    })

    test.each<[string, string]>([
      ['a new field without a default', orders(({ fields }) => fields.push({ name: 'new_field', type: 'string' }))],
      ['another type', orders(({ fields }) => { Object.assign(fields[0] ?? {}, { type: 'long' }) })]
    ])('a subject whose schema differs by %s is refused', async (_name, schema) => {
      const prefix = newPrefix()
      const subject = `${prefix}orders-value`
      expect(await ask(`/subjects/${subject}/versions`, 'POST', { schema })).toMatchObject({ status: 200 })
      expect(await ask(`/config/${subject}`, 'PUT', { compatibility: 'FULL_TRANSITIVE' })).toMatchObject({ status: 200 })
      await expect(open(prefix)).rejects.toMatchObject({ code: 'SCHEMA_INCOMPATIBLE', message: expect.stringContaining(subject) as string })
    })

    test('ids of other schemas are looked up, and unknown ones told', async () => {
      const prefix = newPrefix()
      const ids = await open(prefix)
      const { body } = await ask(`/subjects/${prefix}others-value/versions`, 'POST', { schema: orders((schema) => Object.assign(schema, { doc: randomUUID() })) })
      const { id } = body as { id: number }
      await ids.learn([id])
      expect(ids.fingerprintOf(id)?.toString('hex')).toBe(codecs.orders.current.fingerprint)
      await ids.learn([999_999])
      expect(ids.fingerprintOf(999_999)).toBeUndefined()
    })

    test('an id of a JSON schema stays unknown', async () => {
      const { id } = await new SchemaRegistry({ host: registry.url }).register({ type: SchemaType.JSON, schema: '{"$schema":"http://json-schema.org/draft-07/schema#","type":"object"}' }, { subject: `${newPrefix()}json-value` })
      const ids = await open(newPrefix())
      await ids.learn([id])
      expect(ids.fingerprintOf(id)).toBeUndefined()
    })
  })
}
