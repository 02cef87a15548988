import type { Consumer, ConsumerConfig, EachBatchPayload, Kafka } from 'kafkajs'
import { AppError } from '../../runtime/errors.ts'
import type { Logger } from '../../runtime/logger.ts'
import { pause } from '../../runtime/pause.ts'
import { classifyKafkaError, protocolError } from './kafka-errors.ts'
import { logErrors } from '../log-errors.ts'
import { backoffMs } from '../../runtime/backoff.ts'

const longestBackoffMs = 10_000
/** A broker that restarts during a login looks like one that refuses it; this many in a row are a refusal. */
const refusalsToBelieve = 5
/** A restarting broker briefly does not know its topics; this many absences in a row, over a minute, mean deleted topics. */
const absencesToBelieve = 10
/** A membership of this length ends a series of failures. */
const stableMs = 60_000

export interface GroupConsumerOptions {
  readonly kafka: Kafka
  readonly config: ConsumerConfig
  /** Names in Kafka. */
  readonly topics: readonly string[]
  readonly logger: Logger
  /** The partitions of this member, by topic, after each rebalance; called before any of them is fetched. */
  readonly onAssigned: (assignment: Readonly<Record<string, readonly number[]>>) => void
  /** Must not reject. */
  readonly onFetched: (batch: EachBatchPayload) => Promise<void>
  /** A fetch returned only control records, up to this offset. */
  readonly onSkipped: (topic: string, partition: number, lastOffset: number) => void
  /** The consumer is alive: a heartbeat or a rebalance. */
  readonly onAlive: () => void
  /** Not recoverable here: LOG_ACCESS_REFUSED, or LOG_TOPIC_UNSUITABLE for a deleted topic. Consuming has stopped. */
  readonly onDead: (error: AppError) => void
  /** Back-off after the first failure. */
  readonly firstBackoffMs?: number
}

/**
 * Membership in a consumer group. A failed kafkajs consumer is replaced by a new one, with back-off: the restart of
 * kafkajs continues after a disconnect, and stays with a broker that may be frozen.
 */
export class GroupConsumer {
  readonly #options: GroupConsumerOptions
  readonly #stop = new AbortController()
  #consumer: Consumer | undefined
  #ended: Promise<void> | undefined

  constructor (options: GroupConsumerOptions) {
    this.#options = options
  }

  /** Joins, and stays joined until the close. */
  start (): void {
    this.#ended ??= this.#run()
  }

  /** Leaves the group, so that others take over at once. */
  async close (): Promise<void> {
    this.#stop.abort()
    await this.#ended
  }

  /** Rejects without a consumer, and if Kafka refuses the commit. */
  async commitOffsets (positions: ReadonlyArray<{ readonly topic: string, readonly partition: number, readonly offset: string }>): Promise<void> {
    if (this.#consumer === undefined) throw new Error('expected a consumer, which is being made anew')
    await this.#consumer.commitOffsets([...positions])
  }

  /** Without a consumer this does nothing; the next consumer seeks and pauses when it joins. */
  fetchFrom (topic: string, partition: number, offset: number): void {
    this.#order((consumer) => { consumer.seek({ topic, partition, offset: String(offset) }) })
  }

  setPaused (topic: string, partition: number, paused: boolean): void {
    this.#order((consumer) => {
      if (paused) consumer.pause([{ topic, partitions: [partition] }])
      else consumer.resume([{ topic, partitions: [partition] }])
    })
  }

  #order (order: (consumer: Consumer) => void): void {
    try {
      if (this.#consumer !== undefined) order(this.#consumer)
    } catch (err) {
      this.#options.logger.debug({ err }, 'the consumer is not running')
    }
  }

  async #run (): Promise<void> {
    const { config: { groupId }, logger, onDead, firstBackoffMs = 500 } = this.#options
    const { signal } = this.#stop
    let failures = 0
    let refusals = 0
    let absences = 0
    while (!signal.aborted) {
      const { error, stable } = await this.#untilItFails()
      if (signal.aborted) return
      const err = classifyKafkaError(error, `the consumer group ${groupId}`)
      failures = stable ? 0 : failures + 1
      refusals = err.code === 'LOG_ACCESS_REFUSED' ? refusals + 1 : 0
      absences = protocolError(error) === 'UNKNOWN_TOPIC_OR_PARTITION' ? absences + 1 : 0
      if (refusals === refusalsToBelieve) return onDead(err)
      if (absences === absencesToBelieve) return onDead(new AppError(logErrors.LOG_TOPIC_UNSUITABLE, `expected the topics of ${groupId} in Kafka, got one that is not there any more; a start creates it`, { cause: error }))
      logger.warn({ err, group: groupId }, 'consumer failed; starting a new one')
      await pause(backoffMs({ firstMs: firstBackoffMs, longestMs: longestBackoffMs }, failures + 1), signal)
    }
  }

  /** Runs one kafkajs consumer. Resolves when it has failed or was closed. */
  async #untilItFails (): Promise<{ readonly error: unknown, readonly stable: boolean }> {
    const { kafka, config, topics, onAssigned, onFetched, onSkipped, onAlive } = this.#options
    const consumer = kafka.consumer({ ...config, retry: { ...config.retry, restartOnFailure: async () => false } })
    let joinedAt = Infinity
    const isStable = (): boolean => performance.now() - joinedAt > stableMs
    const { GROUP_JOIN, HEARTBEAT, END_BATCH_PROCESS, CRASH } = consumer.events
    let stopped: () => void = () => {}
    const over = new Promise<unknown>((resolve) => {
      consumer.on(CRASH, ({ payload }) => { resolve(payload.error) })
      stopped = () => { resolve(undefined) }
      this.#stop.signal.addEventListener('abort', stopped)
    })
    consumer.on(GROUP_JOIN, ({ payload }) => {
      // a replaced consumer may still join
      if (this.#consumer !== consumer || this.#stop.signal.aborted) return
      joinedAt = Math.min(joinedAt, performance.now())
      onAlive()
      onAssigned(payload.memberAssignment)
    })
    consumer.on(HEARTBEAT, onAlive)
    consumer.on(END_BATCH_PROCESS, ({ payload: { topic, partition, batchSize, lastOffset } }) => {
      if (batchSize === 0) onSkipped(topic, partition, Number(lastOffset))
    })
    this.#consumer = consumer
    const begun = (async () => {
      await consumer.connect()
      await consumer.subscribe({ topics: [...topics], fromBeginning: true })
      await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: onFetched })
    })()
    try {
      await Promise.race([begun, over])
      return { error: await over, stable: isStable() }
    } catch (error) {
      return { error, stable: false }
    } finally {
      this.#stop.signal.removeEventListener('abort', stopped)
      this.#consumer = undefined
      // The consumer is discarded: its shutdown errors do not matter. One that is still starting joins after the disconnect, so disconnect again.
      await consumer.disconnect().catch(() => {})
      void begun.then(async () => { await consumer.disconnect() }).catch(() => {})
    }
  }
}
