import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { consumed, createTopic, produce } from './kafka-client.ts'
import type { KafkaCluster } from './kafka-cluster.ts'
import type { KafkaNode } from './kafka-node.ts'
import { describeWithKafkaCluster } from './require-kafka.ts'

describeWithKafkaCluster('three nodes of our own', (startCluster) => {
  let cluster: KafkaCluster
  let kafka: Kafka
  beforeAll(async () => {
    cluster = await startCluster({ nodes: 3 })
    kafka = new Kafka({ brokers: [...cluster.brokers], logLevel: logLevel.NOTHING, requestTimeout: 5000, retry: { retries: 30, maxRetryTime: 2000 } })
  })
  afterAll(async () => { await cluster?.stop() })

  /** The node that leads the only partition of a topic: the one that it hurts to lose. */
  async function leaderOf (topic: string, client = kafka): Promise<KafkaNode> {
    const admin = client.admin()
    await admin.connect()
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    await admin.disconnect()
    const leader = cluster.nodes.find(({ id }) => id === topics[0]?.partitions[0]?.leader)
    if (leader === undefined) throw new Error(`expected a leader of ${topic}`)
    return leader
  }

  test('go on serving without the leader killed, which comes back', async () => {
    const topic = await createTopic(kafka, 3)
    await produce(kafka, topic, ['before'])
    const leader = await leaderOf(topic)
    await leader.kill()
    expect(leader.pid).toBeUndefined()
    await produce(kafka, topic, ['without'])
    await leader.restart()
    await produce(kafka, topic, ['after'])
    expect(await consumed(kafka, topic, 3)).toEqual(['before', 'without', 'after'])
  })

  test('go on serving with the leader frozen, which comes back', async () => {
    const topic = await createTopic(kafka, 3)
    await produce(kafka, topic, ['before'])
    const leader = await leaderOf(topic)
    await leader.freeze()
    const others = new Kafka({ brokers: cluster.brokers.filter((broker) => broker !== leader.broker), logLevel: logLevel.NOTHING })
    await vi.waitFor(async () => { expect((await leaderOf(topic, others)).id).not.toBe(leader.id) }, { timeout: 20_000, interval: 200 })
    await produce(others, topic, ['without'])
    await leader.thaw()
    await produce(kafka, topic, ['after'])
    expect(await consumed(kafka, topic, 3)).toEqual(['before', 'without', 'after'])
  })
})
