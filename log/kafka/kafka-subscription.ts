import type { Consumer, ConsumerCrashEvent, ConsumerGroupJoinEvent, EachBatchPayload, Kafka } from 'kafkajs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AppError } from '../../runtime/errors.ts'
import type { Logger } from '../../runtime/logger.ts'
import type { BatchHandler, ConsumeOptions, Subscription } from '../log-consumer.ts'
import { AssignedPartition } from './assigned-partition.ts'
import type { KafkaAdmin } from './kafka-admin.ts'
import { classifyKafkaError } from './kafka-errors.ts'
import { lostRecords, nextOffset, positionsOf, readPositions } from './kafka-positions.ts'
import { OffsetCommitter } from './offset-committer.ts'
import { watchProgress } from './progress-watchdog.ts'

/** Bytes that one subscription holds at most, over all its partitions, before it stops to fetch. */
const heldLimitBytes = 128 * 1024 * 1024
/** What one fetch brings of a partition at most; the default of kafkajs is a few hundred records. */
const fetchBytesPerPartition = 8 * 1024 * 1024
/** Longest wait of the broker for a fetch to become worth while. Every turn of it also sends the heartbeat. */
const longestFetchWaitMs = 400
/** Bytes that make a fetch worth while, where there is time to wait for them. */
const worthwhileBytes = 256 * 1024
const retryMs = 1_000

export interface KafkaSubscriptionOptions {
  readonly kafka: Kafka
  readonly admin: KafkaAdmin
  /** Name of the group in Kafka. */
  readonly group: string
  /** Our names of the topics by their names in Kafka. */
  readonly topics: ReadonlyMap<string, string>
  readonly options: ConsumeOptions
  readonly handler: BatchHandler
  readonly logger: Logger
  /** Kafka deleted records before they were read. */
  readonly onLost: (topic: string, group: string, records: number) => void
  /** This consumer does nothing any more: the process has to be started again. */
  readonly onDead: (error: AppError) => void
}

/**
 * One consumer of a group. kafkajs only fetches: a batch of it is put into the queue of its partition at once, so that a slow or stuck
 * handler keeps neither the other partitions of its broker waiting nor the heartbeat. How far a group has read is our own to know: each
 * partition is sought explicitly after every rebalance, and committed by OffsetCommitter alone.
 */
export class KafkaSubscription implements Subscription {
  readonly #options: KafkaSubscriptionOptions
  readonly #consumer: Consumer
  readonly #committer: OffsetCommitter
  readonly #partitions = new Map<string, AssignedPartition>()
  readonly #released = new Set<Promise<void>>()
  readonly #stop = new AbortController()
  /** Changes with each assignment, so that what belongs to an earlier one knows that it does. */
  #assignment: ReadonlySet<string> = new Set()
  #aliveAt = Date.now()
  #closed: Promise<void> | undefined

  constructor (options: KafkaSubscriptionOptions) {
    this.#options = options
    const { maxWaitMs, maxBytes } = options.options
    const fetchWaitMs = Math.min(longestFetchWaitMs, maxWaitMs / 2)
    const patient = fetchWaitMs >= 100
    this.#consumer = options.kafka.consumer({
      groupId: options.group,
      sessionTimeout: 15_000,
      rebalanceTimeout: 30_000,
      heartbeatInterval: 1_000,
      // a frozen broker says nothing: only fresh metadata tells that another one leads its partitions now
      metadataMaxAge: 5_000,
      maxBytesPerPartition: fetchBytesPerPartition,
      maxBytes: 4 * fetchBytesPerPartition,
      // with time to spare the broker gathers; without, it answers at once, and only an empty partition is waited for
      minBytes: patient ? Math.min(worthwhileBytes, maxBytes) : 1,
      maxWaitTimeInMs: patient ? fetchWaitMs : longestFetchWaitMs,
      allowAutoTopicCreation: false,
      retry: { retries: 5, initialRetryTime: 200, maxRetryTime: 3_000 }
    })
    this.#committer = new OffsetCommitter({
      consumer: this.#consumer,
      onError: (err) => { options.logger.warn({ err, group: options.group }, 'offsets could not be committed and will be tried again; at worst records are read twice') }
    })
  }

  /** Joins the group. Rejects with LOG_UNAVAILABLE or LOG_ACCESS_REFUSED. */
  async open (): Promise<void> {
    const { group, topics, admin } = this.#options
    const consumer = this.#consumer
    consumer.on(consumer.events.GROUP_JOIN, (event) => { this.#assign(event) })
    consumer.on(consumer.events.HEARTBEAT, () => { this.#aliveAt = Date.now() })
    consumer.on(consumer.events.CRASH, (event) => { this.#crashed(event) })
    try {
      await consumer.connect()
      await consumer.subscribe({ topics: [...topics.keys()], fromBeginning: true })
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: async (payload) => { await this.#fetched(payload) }
      })
    } catch (error) {
      await this.close().catch(() => {})
      throw classifyKafkaError(error, `the consumer group ${group}`)
    }
    watchProgress({
      signal: this.#stop.signal,
      positions: async () => await admin.run(`the positions of ${group}`, async (client) => await readPositions(client, group, [...topics.keys()])),
      partition: (topic, partition) => this.#partitions.get(keyOf(topic, partition)),
      aliveAt: () => this.#aliveAt,
      onStalled: (error) => { this.#dead(error) }
    })
  }

  /** Our name of the group. */
  get group (): string {
    return this.#options.options.group
  }

  /** Arrival of the oldest webhook of a topic that was fetched and is not acknowledged, in epoch milliseconds. `topic` is its name in Kafka. */
  oldestTimestamp (topic: string): number | undefined {
    const heads = [...this.#partitions].flatMap(([key, { records }]) => key.startsWith(`${topic}:`) ? records.oldestTimestamp ?? [] : [])
    return heads.length === 0 ? undefined : Math.min(...heads)
  }

  close (): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close (): Promise<void> {
    this.#stop.abort()
    // 1. handlers end; the fetch loop goes on meanwhile and keeps our place in the group
    await Promise.all([...[...this.#partitions.values()].map((one) => one.close()), ...this.#released])
    // 2. what they acknowledged is kept
    await this.#committer.close()
    // 3. leave the group, so that others take over at once
    await this.#consumer.disconnect()
  }

  #assign ({ payload: { memberAssignment } }: ConsumerGroupJoinEvent): void {
    this.#aliveAt = Date.now()
    const assigned = Object.entries(memberAssignment).flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition, key: keyOf(topic, partition) })))
    const assignment = this.#assignment = new Set(assigned.map(({ key }) => key))
    for (const [key, partition] of this.#partitions) if (!assignment.has(key)) this.#release(key, partition)
    const fresh = assigned.filter(({ key }) => !this.#partitions.has(key))
    for (const { topic, partition, key } of assigned) {
      const kept = this.#partitions.get(key)
      // kafkajs goes back to the committed offset; what we hold need not be fetched again
      if (kept !== undefined) this.#consumer.seek({ topic, partition, offset: String(kept.next) })
      // of a new one nothing is fetched before we know where to begin
      this.#setPaused(topic, partition, kept?.paused ?? true)
    }
    if (fresh.length > 0) void this.#begin(fresh, assignment)
  }

  /** Another consumer goes on from the last commit; what our handler still does, that one will do again. */
  #release (key: string, partition: AssignedPartition): void {
    this.#partitions.delete(key)
    const { topic, number } = partsOf(key)
    this.#committer.forget(topic, number)
    const ended = partition.close().finally(() => { this.#released.delete(ended) })
    this.#released.add(ended)
  }

  async #begin (fresh: ReadonlyArray<{ readonly topic: string, readonly partition: number, readonly key: string }>, assignment: ReadonlySet<string>): Promise<void> {
    const { admin, group, logger, topics, onLost, options } = this.#options
    while (this.#assignment === assignment && !this.#stop.signal.aborted) {
      try {
        // a handler of ours may still be at a partition that went and came back: one at a time
        await Promise.all(this.#released)
        const positions = await admin.run(`the offsets of ${group}`, async (client) => await readPositions(client, group, [...new Set(fresh.map(({ topic }) => topic))]))
        if (this.#assignment !== assignment || this.#stop.signal.aborted) return
        for (const position of positionsOf(fresh, positions)) {
          const lost = lostRecords(position)
          if (lost > 0) onLost(topics.get(position.topic) ?? position.topic, options.group, lost)
          this.#start(position.topic, position.partition, nextOffset(position))
        }
        return
      } catch (err) {
        logger.warn({ err, group }, 'the offsets of the group could not be read and will be tried again')
        await sleep(retryMs, undefined, { signal: this.#stop.signal }).catch(() => {})
      }
    }
  }

  #start (topic: string, partition: number, position: number): void {
    const { options, handler, topics } = this.#options
    this.#consumer.seek({ topic, partition, offset: String(position) })
    this.#consumer.resume([{ topic, partitions: [partition] }])
    const assigned: AssignedPartition = new AssignedPartition({
      topic: topics.get(topic) ?? topic,
      partition,
      position,
      options,
      handler,
      acknowledge: (next) => {
        const current = this.#partitions.get(keyOf(topic, partition)) === assigned
        if (current) this.#committer.acknowledged(topic, partition, next)
        this.#resume()
      }
    })
    this.#partitions.set(keyOf(topic, partition), assigned)
  }

  /** Rejecting here would end the fetch loop: all that can go wrong with a record goes wrong in the delivery. */
  async #fetched (payload: EachBatchPayload): Promise<void> {
    const { batch } = payload
    const { topic, partition, messages } = batch
    const assigned = this.#partitions.get(keyOf(topic, partition))
    if (assigned === undefined || this.#stop.signal.aborted) return
    const first = Number(messages[0]?.offset)
    if (first > assigned.next) await this.#reportGap(topic, partition, assigned.next, first)
    if (this.#partitions.get(keyOf(topic, partition)) !== assigned) return
    assigned.take(messages)
    try {
      payload.resolveOffset(batch.lastOffset())
    } catch (err) {
      // the partition went in this very moment: its next owner reads from the last commit
      this.#options.logger.debug({ err, topic, partition }, 'a partition went while it was fetched')
    }
    if (assigned.records.bytes >= 2 * this.#options.options.maxBytes || this.#heldBytes() >= heldLimitBytes) {
      assigned.paused = true
      this.#setPaused(topic, partition, true)
    }
  }

  /** Offsets may have gaps, as those of transactions do; records that retention took are another matter. */
  async #reportGap (topic: string, partition: number, expected: number, first: number): Promise<void> {
    const { admin, logger, topics, options, onLost } = this.#options
    try {
      const held = await admin.run(`the offsets of ${topic}`, async (client) => await client.fetchTopicOffsets(topic))
      const low = Number(held.find((one) => one.partition === partition)?.low)
      if (low > expected) onLost(topics.get(topic) ?? topic, options.group, Math.min(low, first) - expected)
    } catch (err) {
      logger.error({ err, topic, partition, expected, first }, 'expected the next record of the partition, got a later one; Kafka could not be asked whether it deleted those between')
    }
  }

  #resume (): void {
    if (this.#heldBytes() >= heldLimitBytes) return
    for (const [key, one] of this.#partitions) {
      if (!one.paused || one.records.bytes >= this.#options.options.maxBytes) continue
      one.paused = false
      one.movedAt = Date.now()
      const { topic, number } = partsOf(key)
      this.#setPaused(topic, number, false)
    }
  }

  /** While kafkajs starts again after a failure it takes no orders; it gets them all when it has joined. */
  #setPaused (topic: string, partition: number, paused: boolean): void {
    try {
      if (paused) this.#consumer.pause([{ topic, partitions: [partition] }])
      else this.#consumer.resume([{ topic, partitions: [partition] }])
    } catch (err) {
      this.#options.logger.debug({ err, topic, partition }, 'the consumer is not running')
    }
  }

  #heldBytes (): number {
    let bytes = 0
    for (const { records } of this.#partitions.values()) bytes += records.bytes
    return bytes
  }

  #crashed ({ payload: { error, restart } }: ConsumerCrashEvent): void {
    const { group, logger } = this.#options
    // where kafkajs starts again by itself, the watchdog sees whether it does
    if (restart) logger.warn({ err: error, group }, 'the consumer failed and starts again')
    else this.#dead(classifyKafkaError(error, `the consumer group ${group}`))
  }

  #dead (error: AppError): void {
    if (!this.#stop.signal.aborted) this.#options.onDead(error)
  }
}

function keyOf (topic: string, partition: number): string {
  return `${topic}:${partition}`
}

/** Names of topics hold no colon. */
function partsOf (key: string): { readonly topic: string, readonly number: number } {
  const [topic = '', number] = key.split(':')
  return { topic, number: Number(number) }
}
