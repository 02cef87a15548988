import { Kafka, logLevel, type Producer } from 'kafkajs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { consumed, createTopic } from './kafka-client.ts'
import type { KafkaCluster } from './kafka-cluster.ts'
import { apiKeys } from './kafka-proxy.ts'
import { describeWithKafkaCluster } from './require-kafka.ts'

describeWithKafkaCluster('a broker behind a proxy', (startCluster) => {
  let cluster: KafkaCluster
  let producer: Producer
  let direct: Kafka
  let proxied: Kafka
  beforeAll(async () => {
    cluster = await startCluster({ nodes: 1 })
    direct = new Kafka({ brokers: [...cluster.brokers], logLevel: logLevel.NOTHING })
    proxied = new Kafka({ brokers: [...cluster.proxiedBrokers], logLevel: logLevel.NOTHING, requestTimeout: 2000 })
    producer = proxied.producer({ allowAutoTopicCreation: false })
    await producer.connect()
  })
  afterAll(async () => {
    await producer?.disconnect()
    await cluster?.stop()
  })

  function theProxy () {
    const [proxy] = cluster.proxies
    if (proxy === undefined) throw new Error('expected a proxy')
    return proxy
  }

  /** Sends one value; the client's own repetitions are part of it. */
  async function send (topic: string, value: string): Promise<void> {
    await producer.send({ topic, acks: -1, messages: [{ key: 'k', value }] })
  }

  test.each(['close', 'hang'] as const)('loses one acknowledgement of a record that it has, then %ss', async (then) => {
    const topic = await createTopic(direct, 1)
    const proxy = theProxy()
    const before = proxy.swallowed
    const lost = proxy.swallowNext(apiKeys.produce, then)
    await send(topic, 'repeated')
    await lost
    expect(proxy.swallowed).toBe(before + 1)
    await send(topic, 'once')
    // the producer is not idempotent: that it repeated shows that the first attempt was written and not acknowledged
    expect(await consumed(direct, topic, 3)).toEqual(['repeated', 'repeated', 'once'])
    expect(proxy.swallowed).toBe(before + 1)
  })

  test('loses the answer to a fetch, which is repeated, and passes large records on', async () => {
    const topic = await createTopic(direct, 1)
    const values = ['a'.repeat(700_000), 'b'.repeat(700_000)]
    for (const value of values) await send(topic, value)
    const lost = theProxy().swallowNext(apiKeys.fetch, 'hang')
    expect(await consumed(proxied, topic, 2)).toEqual(values)
    await lost
  })

  test('loses the answer to a commit that the broker has made', async () => {
    const topic = await createTopic(direct, 1)
    const group = `group-of-${topic}`
    const admin = proxied.admin()
    await admin.connect()
    const lost = theProxy().swallowNext(apiKeys.offsetCommit, 'close')
    await admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: '0' }] }).catch(() => {})
    await lost
    await admin.disconnect()
    const checking = direct.admin()
    await checking.connect()
    expect(await checking.fetchOffsets({ groupId: group, topics: [topic] })).toMatchObject([{ partitions: [{ offset: '0' }] }])
    await checking.disconnect()
  })
})
