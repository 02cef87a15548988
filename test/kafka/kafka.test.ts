import { randomUUID } from 'node:crypto'
import { Kafka, logLevel } from 'kafkajs'
import { expect, test } from 'vitest'
import { describeWithKafka } from './require-kafka.ts'
import { consumed, createTopic, produce } from './kafka-client.ts'

describeWithKafka('the shared broker', ({ brokers }) => {
  test('creates a topic, takes a record and gives it back', async () => {
    const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING })
    const topic = await createTopic(kafka, 1)
    await produce(kafka, topic, ['one', 'two'])
    expect(await consumed(kafka, topic, 2)).toEqual(['one', 'two'])
  })

  test('creates no topic by itself', async () => {
    const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING, retry: { retries: 1 } })
    await expect(produce(kafka, randomUUID(), ['lost'])).rejects.toThrow('does not host this topic-partition')
  })
})
