import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { KafkaConnection } from '../../log/kafka/kafka-connection.ts'
import { createHome, sendNector, printed, startPipeline } from '../e2e/pipeline-process.ts'
import { collect, record, textOf } from '../log/log-fixtures.ts'
import type { KafkaCluster } from './kafka-cluster.ts'
import { createSpace, type LogSpace } from './log-space.ts'
import { describeWithKafkaCluster } from './require-kafka.ts'
import { user } from './secured-listener.ts'

const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const

describeWithKafkaCluster('a Kafka with TLS and passwords', (startCluster) => {
  let cluster: KafkaCluster
  let space: LogSpace
  let right: KafkaConnection & { readonly sasl: NonNullable<KafkaConnection['sasl']> }
  beforeAll(async () => {
    cluster = await startCluster({ nodes: 1, secured: true })
    right = { brokers: cluster.secured.brokers, tls: { ca: cluster.secured.ca }, sasl: { mechanism: 'scram-sha-512', ...user } }
  })
  afterAll(async () => { await cluster?.stop() })
  beforeEach(() => { space = createSpace(cluster.brokers) })
  afterEach(async () => { await space.dispose() })

  test.each(mechanisms)('is written to and read with %s', async (mechanism) => {
    const { log } = await space.open({ connection: { ...right, sasl: { mechanism, ...user } } })
    await log.intake.append([record(space.topic, mechanism)])
    await log.intake.probe()
    expect((await collect(log, space.group, [space.topic]).until(1)).map(textOf)).toEqual([mechanism])
    await space.read(log)
  })

  describe('is not waited for', () => {
    async function refusal (connection: KafkaConnection): Promise<Error & { code?: string }> {
      const error = await space.open({ connection }).then(() => undefined, (reason: unknown) => reason)
      expect(space.logged.filter((line) => !line.startsWith('Kafka refuses'))).toEqual([])
      if (!(error instanceof Error)) throw new Error('expected a refusal')
      expect(error).toMatchObject({ code: 'LOG_ACCESS_REFUSED' })
      expect(error.message).not.toContain('wrong-password')
      return error
    }

    test.each(mechanisms)('with a wrong password of %s', async (mechanism) => {
      const { message } = await refusal({ ...right, sasl: { mechanism, username: user.username, password: 'wrong-password' } })
      expect(message).toMatch(/KAFKA_SASL_MECHANISM, KAFKA_USERNAME and KAFKA_PASSWORD/)
    })

    test('with an unknown user', async () => {
      const { message } = await refusal({ ...right, sasl: { ...right.sasl, username: 'nobody' } })
      expect(message).toMatch(/KAFKA_USERNAME/)
    })

    test('with a password, where it asks for none', async () => {
      const { message } = await refusal({ brokers: cluster.brokers, sasl: right.sasl })
      expect(message).toMatch(/KAFKA_SASL_MECHANISM/)
    })

    test('without its authority', async () => {
      const { message } = await refusal({ ...right, tls: {} })
      expect(message).toMatch(/KAFKA_TLS_CA_FILE/)
    })
  })

  // all that such a listener does is to close the connection, as one does that ends
  test.each([
    ['without a password, where it asks for one', () => ({ brokers: right.brokers, tls: right.tls })],
    ['with TLS at a port without', () => ({ ...right, brokers: cluster.brokers })],
    ['without TLS at a port with it', () => ({ brokers: right.brokers })],
    ['with a password, but without TLS at a port with it', () => ({ brokers: right.brokers, sasl: right.sasl })]
  ])('is waited for, and the log says what to check, %s', async (_name, connection) => {
    const stop = new AbortController()
    const opening = space.open({ connection: connection(), signal: stop.signal })
    await vi.waitFor(() => {
      expect(space.logged.join()).toMatch(/Kafka is unavailable; waiting for it: .+ check that KAFKA_TLS and KAFKA_SASL_MECHANISM fit the listener that KAFKA_BROKERS names/)
    }, { timeout: 60_000, interval: 100 })
    stop.abort()
    await expect(opening).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
  })

  test('is reached with the settings of the environment', async () => {
    const home = await createHome({
      KAFKA_BROKERS: right.brokers.join(','),
      KAFKA_PREFIX: space.prefix,
      KAFKA_REPLICATION_FACTOR: '1',
      KAFKA_MIN_INSYNC_REPLICAS: '1',
      KAFKA_TLS: 'true',
      KAFKA_TLS_CA_FILE: 'ca.pem',
      KAFKA_SASL_MECHANISM: 'scram-sha-256',
      KAFKA_USERNAME: user.username,
      KAFKA_PASSWORD: user.password
    })
    await writeFile(join(home.folder, 'ca.pem'), cluster.secured.ca)
    const running = await startPipeline(home, ['start', '--roles', 'ingest'])
    try {
      expect(await sendNector(running.url, 'loyalty_customer.created', { id: 'one' })).toMatchObject({ status: 200 })
      const held = await space.inKafka(async (admin) => await Promise.all((await admin.listTopics()).filter((name) => name.startsWith(space.prefix)).map(async (name) => await admin.fetchTopicOffsets(name))))
      expect(held.flat().reduce((sum, { high }) => sum + Number(high), 0)).toBeGreaterThan(0)
      await printed(running)
      expect(running.output()).not.toContain(user.password)
    } finally {
      await running.stop()
      await home.remove()
    }
  })
})
