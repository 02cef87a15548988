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
  async function leaderOf (topic: string): Promise<KafkaNode> {
    const admin = kafka.admin()
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

  test('go on serving with any of them frozen, the controller too, which comes back', async () => {
    const topic = await createTopic(kafka, 3)
    for (const node of cluster.nodes) {
      await node.freeze()
      const brokers = cluster.brokers.filter((broker) => broker !== node.broker)
      // until it is fenced, the client is sent to the frozen node too
      const impatient = new Kafka({ brokers, logLevel: logLevel.NOTHING, requestTimeout: 1500, retry: { retries: 0 } })
      const others = new Kafka({ brokers, logLevel: logLevel.NOTHING })
      await vi.waitFor(async () => { expect(await brokerIds(impatient)).not.toContain(node.id) }, { timeout: 40_000, interval: 200 })
      await produce(others, topic, [`without ${node.id}`])
      await node.thaw()
      await vi.waitFor(async () => { expect(await brokerIds(impatient)).toContain(node.id) }, { timeout: 40_000, interval: 200 })
    }
    expect(await consumed(kafka, topic, 3)).toEqual(['without 1', 'without 2', 'without 3'])
  })
})

/** The brokers that serve, as one of the client's knows them. */
async function brokerIds (client: Kafka): Promise<number[]> {
  const admin = client.admin()
  await admin.connect()
  try {
    return (await admin.describeCluster()).brokers.map(({ nodeId }) => nodeId)
  } finally {
    await admin.disconnect()
  }
}
