import { crc32 } from 'node:zlib'
import kafkajs, { type ICustomPartitioner, type Kafka, type Message, type Producer, type RecordMetadata, type TopicMessages } from 'kafkajs'
import { classifyKafkaError } from './kafka-errors.ts'

/** A message that keeps the partition that it was first given, however often it is sent. */
interface PlacedMessage extends Message {
  partition?: number
}

/** Not the hash of Kafka's own clients: kafkajs computes that one in 64-bit steps, which costs a tenth of the transform. */
export function partitionOf (key: string | Buffer, partitions: number): number {
  return crc32(key) % partitions
}

/** kafkajs asks for the partition again at each attempt, so a message that has its own already is sent again. */
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
  /** kafkajs has sent something more than once: an answer that is still out may yet set its sequence numbers back. */
  repeated: boolean
}

/** Rounds in which partitions that moved while they were written are written again. */
const rounds = 5
/** How long the leader waits for its followers: less than we wait for the leader. */
const ackTimeoutMs = 8_000

/**
 * Sends to Kafka, acks=all, one send at a time: the idempotent producer of kafkajs loses records when sends overlap.
 *
 * A producer is good only as long as every send takes one attempt. Then the next send of the same one might carry sequence numbers that a
 * broker has seen, and be dropped as a repetition though it is none; so it is thrown away, also where the send succeeded in the end.
 */
export class KafkaProducer {
  readonly #kafka: Kafka
  #connected: Promise<Connected> | undefined
  #sending = false

  constructor (kafka: Kafka) {
    this.#kafka = kafka
  }

  /** Resolves when every message is on all in-sync replicas. Rejects with LOG_UNAVAILABLE or LOG_ACCESS_REFUSED: some may have been written. */
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
   * kafkajs resolves even where the leader of a partition moved, during a retry, to a broker that had answered already: the messages
   * of that partition are then never sent. So what was acknowledged is compared with what was to be sent, and the rest is sent again.
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
      // a frozen broker says nothing: only fresh metadata tells that another one leads its partitions now
      metadataMaxAge: 5_000,
      // about as long as Kafka takes to notice that a broker died and to choose another leader
      retry: { retries: 8, initialRetryTime: 100, multiplier: 2, maxRetryTime: 2_000 }
    })
    try {
      await producer.connect()
    } catch (error) {
      // what it has opened would keep the process from ending
      await producer.disconnect().catch(() => {})
      throw error
    }
    return Object.assign(connected, { producer })
  }

  /** Resolves when it is disconnected. It was given up: how its end goes is of no consequence. */
  async #discard (): Promise<void> {
    const connected = this.#connected
    this.#connected = undefined
    await connected?.then(async ({ producer }) => { await producer.disconnect() }).catch(() => {})
  }
}

function partitionsOf (answers: readonly RecordMetadata[]): ReadonlySet<string> {
  return new Set(answers.map(({ topicName, partition }) => `${topicName}:${partition}`))
}
