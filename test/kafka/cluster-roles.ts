import kafkajs, { type Admin } from 'kafkajs'
import type { KafkaCluster } from './kafka-cluster.ts'
import type { KafkaNode } from './kafka-node.ts'

/** The node that leads a partition of a topic. */
export async function leaderOf (cluster: KafkaCluster, topic: string, partition = 0): Promise<KafkaNode> {
  return await ask(cluster, async (admin) => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    return topics[0]?.partitions.find(({ partitionId }) => partitionId === partition)?.leader
  })
}

/** The node that coordinates a group: takes its commits and hands out its partitions. It leads the partition of the group's offsets. */
export async function coordinatorOf (cluster: KafkaCluster, group: string): Promise<KafkaNode> {
  return await ask(cluster, async (admin) => {
    const { topics } = await admin.fetchTopicMetadata({ topics: ['__consumer_offsets'] })
    const partitions = topics[0]?.partitions ?? []
    const mine = Math.abs(javaHash(group)) % partitions.length
    return partitions.find(({ partitionId }) => partitionId === mine)?.leader
  })
}

async function ask (cluster: KafkaCluster, work: (admin: Admin) => Promise<number | undefined>): Promise<KafkaNode> {
  const admin = new kafkajs.Kafka({ brokers: [...cluster.brokers], logLevel: kafkajs.logLevel.NOTHING, requestTimeout: 5_000 }).admin()
  try {
    await admin.connect()
    const id = await work(admin)
    const node = cluster.nodes.find((one) => one.id === id)
    if (node === undefined) throw new Error(`expected a node of the cluster, got ${id}`)
    return node
  } finally {
    await admin.disconnect()
  }
}

/** String.hashCode of Java. */
function javaHash (text: string): number {
  let hash = 0
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0
  return hash
}
