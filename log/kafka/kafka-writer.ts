import type { Message, TopicMessages } from 'kafkajs'
import { AppError } from '../../runtime/errors.ts'
import type { LogRecord, LogWriter } from '../log-writer.ts'
import type { KafkaProducer } from './kafka-producer.ts'
import { timeFields } from './record-time.ts'
import { logErrors } from '../log-errors.ts'
import { runtimeErrors } from '../../runtime/runtime-errors.ts'

/** Overhead of a record beside value and key: lengths, offsets, sometimes a header. */
const recordOverheadBytes = 128
/** Overhead of a record batch in a message. */
const batchOverheadBytes = 1024

export interface KafkaWriterOptions {
  readonly producer: KafkaProducer
  /** Names in Kafka by topic name. */
  readonly topics: ReadonlyMap<string, string>
  /** A topic for probes, by its name in Kafka. */
  readonly probeTopic: string
  readonly maxMessageBytes: number
  /** Bytes of pending appends at which more are refused. */
  readonly waitingLimitBytes: number
}

interface Waiting {
  readonly records: readonly LogRecord[]
  readonly bytes: number
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Appends to Kafka. Appends that arrive during a send share the next one. */
export class KafkaWriter implements LogWriter {
  readonly #options: KafkaWriterOptions
  #waiting: Waiting[] = []
  #waitingBytes = 0
  #sending: Promise<void> | undefined
  #closed = false

  constructor (options: KafkaWriterOptions) {
    this.#options = options
  }

  async append (records: readonly LogRecord[]): Promise<void> {
    const limit = this.#options.maxMessageBytes - batchOverheadBytes - recordOverheadBytes
    for (const { topic, key, value } of records) {
      if (!this.#options.topics.has(topic)) throw new AppError(runtimeErrors.INTERNAL, `expected a topic of this log, got ${topic}`)
      if (key.length + value.length > limit) {
        throw new AppError(logErrors.LOG_RECORD_TOO_LARGE, `expected records of ${limit} bytes at most (KAFKA_MAX_MESSAGE_BYTES), got ${value.length} for ${topic}`)
      }
    }
    await this.#enqueue(records)
  }

  async probe (): Promise<void> {
    await this.#enqueue([{ topic: '', key: '', timestamp: Date.now(), value: Buffer.alloc(0) }])
  }

  /** Resolves when pending appends are done. */
  async close (): Promise<void> {
    this.#closed = true
    await this.#sending
    await this.#options.producer.close()
  }

  #enqueue (records: readonly LogRecord[]): Promise<void> {
    if (this.#closed) return Promise.reject(new AppError(logErrors.LOG_UNAVAILABLE, 'expected an open log, got one that is closed or closing'))
    if (records.length === 0) return Promise.resolve()
    if (this.#waitingBytes > this.#options.waitingLimitBytes) {
      return Promise.reject(new AppError(logErrors.LOG_UNAVAILABLE, `expected Kafka to keep up, got ${this.#waitingBytes} bytes that wait for it`))
    }
    const bytes = records.reduce((sum, { key, value }) => sum + key.length + value.length + recordOverheadBytes, 0)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, bytes, resolve, reject })
      this.#waitingBytes += bytes
      this.#sending ??= this.#send()
    })
  }

  async #send (): Promise<void> {
    // appends of the same event-loop turn go together
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) {
      const callers = this.#take()
      try {
        for (const records of this.#portions(callers)) await this.#options.producer.send(this.#messages(records))
        for (const { resolve } of callers) resolve()
      } catch (error) {
        for (const { reject } of callers) reject(error)
      }
    }
    this.#sending = undefined
  }

  /** The callers of the next send: as many as fit into one message, because all records of a partition may become one batch. */
  #take (): readonly Waiting[] {
    const limit = this.#options.maxMessageBytes - batchOverheadBytes
    let count = 0
    let bytes = 0
    for (const one of this.#waiting) {
      if (count > 0 && bytes + one.bytes > limit) break
      count++
      bytes += one.bytes
    }
    const taken = this.#waiting.splice(0, count)
    this.#waitingBytes -= bytes
    return taken
  }

  /** A single caller may bring more than fits. */
  * #portions (callers: readonly Waiting[]): Generator<readonly LogRecord[]> {
    const limit = this.#options.maxMessageBytes - batchOverheadBytes
    let portion: LogRecord[] = []
    let bytes = 0
    for (const { records } of callers) {
      for (const record of records) {
        const size = record.key.length + record.value.length + recordOverheadBytes
        if (portion.length > 0 && bytes + size > limit) {
          yield portion
          portion = []
          bytes = 0
        }
        portion.push(record)
        bytes += size
      }
    }
    yield portion
  }

  #messages (records: readonly LogRecord[]): readonly TopicMessages[] {
    const byTopic = new Map<string, Message[]>()
    const now = Date.now()
    for (const { topic, key, timestamp, value } of records) {
      const name = this.#options.topics.get(topic) ?? this.#options.probeTopic
      const message: Message = { key, value, ...timeFields(timestamp, now) }
      const messages = byTopic.get(name)
      if (messages === undefined) byTopic.set(name, [message])
      else messages.push(message)
    }
    return [...byTopic].map(([topic, messages]) => ({ topic, messages }))
  }
}
