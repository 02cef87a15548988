import type { Admin } from 'kafkajs'
import { expect, test } from 'vitest'
import { prepareTopics, type TopicSettings } from '../../../log/kafka/kafka-topics.ts'

const settings: TopicSettings = { partitions: 3, replicationFactor: 3, minInsyncReplicas: 2, retentionMs: 604_800_000, maxMessageBytes: 16_777_216 }

function adminThatRefuses (type: string): Admin {
  const error = Object.assign(new Error('several'), { errors: [Object.assign(new Error(type), { type })] })
  return {
    listTopics: async () => [],
    createTopics: async () => { throw error },
    describeCluster: async () => ({ brokers: [{ nodeId: 1, host: 'a', port: 1 }] })
  } as unknown as Admin
}

test('without the right to create topics it says which, and how to create them', async () => {
  await expect(prepareTopics(adminThatRefuses('TOPIC_AUTHORIZATION_FAILED'), ['nector.raw', 'orders'], settings)).rejects.toMatchObject({
    code: 'LOG_ACCESS_REFUSED',
    message: expect.stringMatching(/nector\.raw, orders: kafka-topics\.sh --create .*--partitions 3 --replication-factor 3 .*--config min\.insync\.replicas=2/) as string
  })
})

test('more copies than brokers names the settings', async () => {
  await expect(prepareTopics(adminThatRefuses('INVALID_REPLICATION_FACTOR'), ['orders'], settings)).rejects.toMatchObject({
    code: 'LOG_TOPIC_UNSUITABLE',
    message: expect.stringContaining('expected 3 brokers for KAFKA_REPLICATION_FACTOR=3, got 1') as string
  })
})
