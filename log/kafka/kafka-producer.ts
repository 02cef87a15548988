import { crc32 } from 'node:zlib'
import kafkajs, { type ICustomPartitioner, type Kafka, type Message, type Producer, type RecordMetadata, type TopicMessages } from 'kafkajs'
import { classifyKafkaError } from './kafka-errors.ts'

/** A message that keeps the partition that it was first given, however often it is sent. */
interface PlacedMessage extends Message {
  partition?: number
}

/** Partition from the key. Not the hash of Kafka's own clients: kafkajs computes that one in 64-bit steps, which costs a tenth of the transform. */
const partitioner: ICustomPartitioner = () => (args) => {
  const message: PlacedMessage = args.message
  message.partition ??= crc32(message.key ?? '') % args.partitionMetadata.length
  return message.partition
}

/** Rounds in which partitions that moved while they were written are written again. */
const rounds = 5

/**
 * Sends to Kafka, acks=all, one send at a time: the idempotent producer of kafkajs loses records when sends overlap.
 *
 * After a send failed for good the producer is thrown away: the next send of the same one would carry sequence numbers that the
 * broker may have seen, and be dropped as a repetition.
 */
export class KafkaProducer {
  readonly #kafka: Kafka
  #producer: Promise<Producer> | undefined
  #sending = false

  constructor (kafka: Kafka) {
    this.#kafka = kafka
  }

  /** Resolves when every message is on all in-sync replicas. Rejects with LOG_UNAVAILABLE or LOG_ACCESS_REFUSED: some may have been written. */
  async send (topicMessages: readonly TopicMessages[]): Promise<void> {
    if (this.#sending) throw new Error('expected one send at a time')
    this.#sending = true
    try {
      const producer = await (this.#producer ??= this.#connect())
      await sendAll(producer, topicMessages)
    } catch (error) {
      await this.#discard()
      throw classifyKafkaError(error, `a write to ${topicMessages.map(({ topic }) => topic).join(', ')}`)
    } finally {
      this.#sending = false
    }
  }

  async close (): Promise<void> {
    await this.#discard()
  }

  async #connect (): Promise<Producer> {
    const producer = this.#kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: partitioner,
      // a frozen broker says nothing: only fresh metadata tells that another one leads its partitions now
      metadataMaxAge: 5_000,
      // about as long as Kafka takes to notice that a broker died and to choose another leader
      retry: { retries: 8, initialRetryTime: 100, multiplier: 2, maxRetryTime: 2_000 }
    })
    await producer.connect()
    return producer
  }

  async #discard (): Promise<void> {
    const producer = this.#producer
    this.#producer = undefined
    // it was given up: how its end goes is of no consequence
    await producer?.then((one) => one.disconnect()).catch(() => {})
  }
}

/**
 * kafkajs resolves even where the leader of a partition moved, during a retry, to a broker that had answered already: the messages
 * of that partition are then never sent. So what was acknowledged is compared with what was to be sent, and the rest is sent again.
 */
async function sendAll (producer: Producer, topicMessages: readonly TopicMessages[]): Promise<void> {
  let left = topicMessages
  for (let round = 0; left.length > 0; round++) {
    if (round === rounds) throw new Error(`expected an acknowledgement of every partition within ${rounds} rounds`)
    const acknowledged = partitionsOf(await producer.sendBatch({ acks: -1, compression: kafkajs.CompressionTypes.None, topicMessages: [...left] }))
    left = left
      .map(({ topic, messages }) => ({ topic, messages: messages.filter(({ partition }: PlacedMessage) => !acknowledged.has(`${topic}:${partition}`)) }))
      .filter(({ messages }) => messages.length > 0)
  }
}

function partitionsOf (answers: readonly RecordMetadata[]): ReadonlySet<string> {
  return new Set(answers.map(({ topicName, partition }) => `${topicName}:${partition}`))
}
