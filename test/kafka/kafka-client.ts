import { randomUUID } from 'node:crypto'
import type { Kafka } from 'kafkajs'
import { vi } from 'vitest'

/** A new topic of one partition. The client waits for a leader only at one node of a cluster; of the others, each hears of the topic when it does. */
export async function createTopic (kafka: Kafka, replicas: number): Promise<string> {
  const topic = `topic-${randomUUID()}`
  const admin = kafka.admin()
  await admin.connect()
  try {
    await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: 1, replicationFactor: replicas }] })
    await vi.waitFor(async () => { await admin.fetchTopicMetadata({ topics: [topic] }) }, { timeout: 10_000, interval: 100 })
  } finally {
    await admin.disconnect()
  }
  return topic
}

/** Resolves when all in-sync replicas have the records. */
export async function produce (kafka: Kafka, topic: string, values: readonly string[]): Promise<void> {
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await producer.connect()
  try {
    await producer.send({ topic, acks: -1, messages: values.map((value) => ({ key: 'k', value })) })
  } finally {
    await producer.disconnect()
  }
}

/** The first values of a topic, as a consumer group of its own reads them. */
export async function consumed (kafka: Kafka, topic: string, count: number): Promise<string[]> {
  const values: string[] = []
  const consumer = kafka.consumer({ groupId: `group-${randomUUID()}` })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    consumer.run({
      eachMessage: async ({ message }) => {
        values.push(String(message.value))
        if (values.length === count) resolve()
      }
    }).catch(reject)
  })
  await consumer.disconnect()
  return values
}
