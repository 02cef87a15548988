import type { Kafka, Producer, ProducerBatch, RecordMetadata } from 'kafkajs'
import { expect, test } from 'vitest'
import { KafkaProducer } from '../../../log/kafka/kafka-producer.ts'

/** A Kafka whose producers answer as the test says; three partitions a topic. */
function kafkaThat (answer: (batch: ProducerBatch, producer: number) => Promise<RecordMetadata[]>): { readonly kafka: Kafka, readonly events: string[] } {
  const events: string[] = []
  let producers = 0
  const kafka = {
    producer: ({ createPartitioner }: { createPartitioner: () => (args: unknown) => number }): Producer => {
      const number = ++producers
      const partition = createPartitioner()
      return {
        connect: async () => { events.push(`connect ${number}`) },
        disconnect: async () => { events.push(`disconnect ${number}`) },
        sendBatch: async (batch: ProducerBatch) => {
          for (const { topic, messages = [] } of batch.topicMessages ?? []) {
            for (const message of messages) partition({ topic, message, partitionMetadata: [0, 1, 2].map((partitionId) => ({ partitionId })) })
          }
          return await answer(batch, number)
        }
      } as unknown as Producer
    }
  } as unknown as Kafka
  return { kafka, events }
}

const message = (key: string): { key: string, value: Buffer } => ({ key, value: Buffer.from(key) })
const messages = Array.from({ length: 20 }, (_, i) => message(`key ${i}`))

function sent ({ topicMessages = [] }: ProducerBatch): Array<{ topic: string, partition: number, key: string }> {
  return topicMessages.flatMap(({ topic, messages = [] }) => messages.map(({ partition, key }) => ({ topic, partition: partition ?? -1, key: String(key) })))
}

function acknowledged (batch: ProducerBatch, partitions: readonly number[] = [0, 1, 2]): RecordMetadata[] {
  const all = [...new Map(sent(batch).map(({ topic, partition }) => [`${topic}:${partition}`, { topicName: topic, partition, errorCode: 0 }])).values()]
  return all.filter(({ partition }) => partitions.includes(partition))
}

test('what kafkajs resolves without having sent it is sent again, and only that', async () => {
  const batches: ProducerBatch[] = []
  const { kafka, events } = kafkaThat(async (batch) => {
    batches.push(batch)
    // the leader of partition 1 moved to a broker that had answered already
    return acknowledged(batch, batches.length === 1 ? [0, 2] : [1])
  })
  await new KafkaProducer(kafka).send([{ topic: 'a', messages: [...messages] }, { topic: 'b', messages: [...messages] }])
  const [first, second] = batches.map(sent)
  expect(second).toEqual(first?.filter(({ partition }) => partition === 1))
  expect(second?.length).toBeGreaterThan(5)
  expect(batches).toHaveLength(2)
  // its sequence numbers are not to be trusted any more
  expect(events).toEqual(expect.arrayContaining(['disconnect 1', 'connect 2']))
})

test('a producer that had to send something twice is not used again, though the send succeeded', async () => {
  const { kafka, events } = kafkaThat(async (batch, producer) => acknowledged(batch, [0, 1, 2].filter(() => producer > 0)))
  const producer = new KafkaProducer(kafka)
  await producer.send([{ topic: 'a', messages: [message('x')] }])
  await producer.send([{ topic: 'a', messages: [{ ...message('y'), partition: 2 }] }])
  await producer.send([{ topic: 'a', messages: [message('z')] }])
  expect(events).toEqual(['connect 1', 'disconnect 1', 'connect 2'])
})

test('a connect that fails leaves nothing open', async () => {
  const events: string[] = []
  const kafka = { producer: () => ({ connect: async () => { throw new Error('no broker') }, disconnect: async () => { events.push('disconnect') } }) } as unknown as Kafka
  await expect(new KafkaProducer(kafka).send([{ topic: 'a', messages: [message('x')] }])).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
  expect(events).toEqual(['disconnect'])
})

test('a partition that is never acknowledged rejects, and the producer is thrown away', async () => {
  const { kafka, events } = kafkaThat(async (batch) => acknowledged(batch, [0, 2]))
  await expect(new KafkaProducer(kafka).send([{ topic: 'a', messages: [...messages] }])).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
  expect(events).toContain('disconnect 5')
})

test('a message keeps its partition when it is sent again by kafkajs, whatever the topic has by then', async () => {
  const { kafka } = kafkaThat(async (batch) => acknowledged(batch))
  const mine = messages.map((one) => ({ ...one }))
  const producer = new KafkaProducer(kafka)
  await producer.send([{ topic: 'a', messages: mine }])
  const before = mine.map((one) => (one as { partition?: number }).partition)
  await producer.send([{ topic: 'a', messages: mine }])
  expect(mine.map((one) => (one as { partition?: number }).partition)).toEqual(before)
  expect(new Set(before)).toEqual(new Set([0, 1, 2]))
})

test('after a final error the next send has a producer of its own', async () => {
  const { kafka, events } = kafkaThat(async (batch, producer) => {
    if (producer === 1) throw new Error('no answer')
    return acknowledged(batch)
  })
  const producer = new KafkaProducer(kafka)
  await expect(producer.send([{ topic: 'a', messages: [message('x')] }])).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE', message: expect.stringContaining('no answer') as string })
  await producer.send([{ topic: 'a', messages: [message('y')] }])
  await producer.close()
  expect(events).toEqual(['connect 1', 'disconnect 1', 'connect 2', 'disconnect 2'])
})

test('a second send beside a first is a bug, and is refused', async () => {
  let release = () => {}
  const { kafka } = kafkaThat(async (batch) => {
    await new Promise<void>((resolve) => { release = resolve })
    return acknowledged(batch)
  })
  const producer = new KafkaProducer(kafka)
  const first = producer.send([{ topic: 'a', messages: [message('x')] }])
  await expect(producer.send([{ topic: 'a', messages: [message('y')] }])).rejects.toThrow('one send at a time')
  await new Promise((resolve) => setImmediate(resolve))
  release()
  await first
})

test.each([
  ['what no right allows', Object.assign(new Error('denied'), { type: 'TOPIC_AUTHORIZATION_FAILED' })],
  ['a login that is refused, inside other errors', new Error('retries exceeded', { cause: Object.assign(new Error('bad password'), { name: 'KafkaJSSASLAuthenticationError' }) })],
  ['a certificate that nobody trusts', Object.assign(new Error('connection error'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' })]
])('%s is LOG_ACCESS_REFUSED', async (_name, error) => {
  const { kafka } = kafkaThat(async () => { throw error })
  await expect(new KafkaProducer(kafka).send([{ topic: 'a', messages: [message('x')] }])).rejects.toMatchObject({ code: 'LOG_ACCESS_REFUSED' })
})
