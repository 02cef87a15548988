import { crc32 } from 'node:zlib'
import kafkajs, { type ICustomPartitioner, type Kafka, type Message, type Producer, type RecordMetadata, type TopicMessages } from 'kafkajs'
import { classifyKafkaError } from './kafka-errors.ts'

/** A message that keeps its first partition across retries. */
interface PlacedMessage extends Message {
  partition?: number
}

/** Not the murmur2 of Kafka's own clients: kafkajs computes it in BigInt steps, which costs a tenth of the transform. */
export function partitionOf (key: string | Buffer, partitions: number): number {
  return crc32(key) % partitions
}

/** kafkajs calls the partitioner on each attempt, so a message that already has a partition is being retried. */
function partitioner (onRepeated: () => void): ICustomPartitioner {
  return () => (args) => {
    const message: PlacedMessage = args.message
    if (message.partition !== undefined) onRepeated()
    message.partition ??= partitionOf(message.key ?? '', args.partitionMetadata.length)
    return message.partition
  }
}

interface Connected {
  readonly producer: Producer
  /** kafkajs has retried: a late response may reset its sequence numbers. */
  repeated: boolean
}

/** Rounds of sending again to partitions that moved during a send. */
const rounds = 5
/** The leader's wait for its followers: shorter than our request timeout. */
const ackTimeoutMs = 8_000

/**
 * Sends with acks=all, one send at a time: the idempotent producer of kafkajs loses records when sends overlap.
 *
 * A producer is used only as long as every send takes one attempt. After a retry, its next send might carry sequence numbers that the
 * broker has seen, and be dropped as a duplicate; so the producer is replaced, even when the send succeeded in the end.
 */
export class KafkaProducer {
  readonly #kafka: Kafka
  #connected: Promise<Connected> | undefined
  #sending = false

  constructor (kafka: Kafka) {
    this.#kafka = kafka
  }

  /** Resolves when every message is on all in-sync replicas. Rejects with LOG_UNAVAILABLE or LOG_ACCESS_REFUSED: some may be written. */
  async send (topicMessages: readonly TopicMessages[]): Promise<void> {
    if (this.#sending) throw new Error('expected one send at a time')
    this.#sending = true
    try {
      await this.#sendAll(topicMessages)
    } catch (error) {
      void this.#discard()
      throw classifyKafkaError(error, `a write to ${topicMessages.map(({ topic }) => topic).join(', ')}`)
    } finally {
      this.#sending = false
    }
  }

  async close (): Promise<void> {
    await this.#discard()
  }

  /**
   * kafkajs resolves even if, during a retry, a partition's leader moved to a broker that had already answered: the messages
   * of that partition are then never sent. So acknowledgements are compared with the messages, and the missing ones are sent again.
   */
  async #sendAll (topicMessages: readonly TopicMessages[]): Promise<void> {
    let left = topicMessages
    for (let round = 0; left.length > 0; round++) {
      if (round === rounds) throw new Error(`expected an acknowledgement of every partition within ${rounds} rounds`)
      const connected = await (this.#connected ??= this.#connect())
      const answers = await connected.producer.sendBatch({ acks: -1, timeout: ackTimeoutMs, compression: kafkajs.CompressionTypes.None, topicMessages: [...left] })
      const acknowledged = partitionsOf(answers)
      left = left
        .map(({ topic, messages }) => ({ topic, messages: messages.filter(({ partition }: PlacedMessage) => !acknowledged.has(`${topic}:${partition}`)) }))
        .filter(({ messages }) => messages.length > 0)
      if (connected.repeated || left.length > 0) void this.#discard()
    }
  }

  async #connect (): Promise<Connected> {
    const connected = { repeated: false }
    const producer = this.#kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: partitioner(() => { connected.repeated = true }),
      // a frozen broker does not answer: only fresh metadata shows the new leader of its partitions
      metadataMaxAge: 5_000,
      // about as long as Kafka takes to detect a dead broker and elect another leader
      retry: { retries: 8, initialRetryTime: 100, multiplier: 2, maxRetryTime: 2_000 }
    })
    try {
      await producer.connect()
    } catch (error) {
      // an open connection would keep the process from exiting
      await producer.disconnect().catch(() => {})
      throw error
    }
    return Object.assign(connected, { producer })
  }

  /** Resolves when disconnected. The producer is discarded: its shutdown errors do not matter. */
  async #discard (): Promise<void> {
    const connected = this.#connected
    this.#connected = undefined
    await connected?.then(async ({ producer }) => { await producer.disconnect() }).catch(() => {})
  }
}

function partitionsOf (answers: readonly RecordMetadata[]): ReadonlySet<string> {
  return new Set(answers.map(({ topicName, partition }) => `${topicName}:${partition}`))
}
