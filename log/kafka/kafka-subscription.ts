import type { Batch, EachBatchPayload, Kafka } from 'kafkajs'
import type { AppError } from '../../runtime/errors.ts'
import type { Logger } from '../../runtime/logger.ts'
import { pause } from '../../runtime/pause.ts'
import { repeatedLines, type RepeatedLines } from '../../runtime/repeated-lines.ts'
import type { BatchHandler, ConsumeOptions, Subscription } from '../log-consumer.ts'
import { AssignedPartition } from './assigned-partition.ts'
import { consumerConfig } from './consumer-config.ts'
import { detectOffsetGap } from './offset-gap.ts'
import { GroupConsumer } from './group-consumer.ts'
import type { KafkaAdmin } from './kafka-admin.ts'
import { isCutOff, lostRecords, lowOffset, nextOffset, positionsOf, readPositions } from './kafka-positions.ts'
import { OffsetCommitter } from './offset-committer.ts'
import { keyOf, type TopicPartition } from './topic-partition.ts'
import { watchProgress } from './progress-watchdog.ts'

/** Bytes that one subscription holds over all partitions before partitions with held records are paused. */
const heldLimitBytes = 128 * 1024 * 1024
const retryMs = 1_000

export interface KafkaSubscriptionOptions {
  readonly kafka: Kafka
  readonly admin: KafkaAdmin
  /** Name of the group in Kafka. */
  readonly group: string
  /** Topic names without the prefix, by name in Kafka. */
  readonly topics: ReadonlyMap<string, string>
  readonly maxMessageBytes: number
  readonly options: ConsumeOptions
  readonly handler: BatchHandler
  readonly logger: Logger
  /** Kafka deleted records before they were read. */
  readonly onLost: (topic: string, group: string, records: number) => void
  /** The subscription has stopped for good: the process must restart. */
  readonly onDead: (error: AppError) => void
}

/**
 * The partitions of a group that this process reads. kafkajs only fetches: each fetch is queued per partition at once, so that a slow or
 * stuck handler blocks neither other partitions of its broker nor the heartbeat. Offsets are tracked here: each
 * partition is sought explicitly after every rebalance, and committed by OffsetCommitter alone.
 */
export class KafkaSubscription implements Subscription {
  readonly #options: KafkaSubscriptionOptions
  readonly #consumer: GroupConsumer
  readonly #committer: OffsetCommitter
  readonly #partitions = new Map<string, AssignedPartition>()
  readonly #released = new Map<string, Promise<void>>()
  readonly #lines: RepeatedLines
  readonly #stop = new AbortController()
  /** The last assignment; a new object per rebalance, so that work of an earlier one detects that it is stale. */
  #assignment: ReadonlyMap<string, TopicPartition> = new Map()
  /** Milliseconds of the monotonic clock. */
  #aliveAt = performance.now()
  #closed: Promise<void> | undefined

  constructor (options: KafkaSubscriptionOptions) {
    this.#options = options
    const lines = this.#lines = repeatedLines(options.logger)
    this.#consumer = new GroupConsumer({
      kafka: options.kafka,
      config: consumerConfig(options.group, options.options, options.maxMessageBytes),
      topics: [...options.topics.keys()],
      logger: options.logger,
      onAssigned: (assignment) => { this.#assign(assignment) },
      onFetched: async (payload) => { await this.#fetched(payload) },
      onSkipped: (topic, partition, lastOffset) => { this.#partitions.get(keyOf(topic, partition))?.skipTo(lastOffset + 1) },
      onAlive: () => { this.#aliveAt = performance.now() },
      onDead: (error) => { this.#dead(error) }
    })
    this.#committer = new OffsetCommitter({
      consumer: this.#consumer,
      onError: (err) => { lines.say('commit', 'warn', { err, group: options.group }, 'offset commit failed; retrying, at worst records are read twice') }
    })
  }

  open (): void {
    const { group, topics, admin } = this.#options
    this.#consumer.start()
    watchProgress({
      signal: this.#stop.signal,
      positions: async () => await admin.run(`the positions of ${group}`, async (client) => await readPositions(client, group, [...topics.keys()])),
      isAssigned: (topic, partition) => this.#assignment.has(keyOf(topic, partition)),
      partition: (topic, partition) => this.#partitions.get(keyOf(topic, partition)),
      aliveAt: () => this.#aliveAt,
      onStalled: (error) => { this.#dead(error) }
    })
  }

  /** Group name without the prefix. */
  get group (): string {
    return this.#options.options.group
  }

  /** Arrival of the oldest fetched, unacknowledged webhook of a topic, in epoch milliseconds. `topic` is its name in Kafka. */
  oldestTimestamp (topic: string): number | undefined {
    const heads = [...this.#partitions].flatMap(([key, { records }]) => key.startsWith(`${topic}:`) ? records.oldestTimestamp ?? [] : [])
    return heads.length === 0 ? undefined : Math.min(...heads)
  }

  /** Bytes of fetched, unacknowledged records. */
  get heldBytes (): number {
    let bytes = 0
    for (const { records } of this.#partitions.values()) bytes += records.bytes
    return bytes
  }

  close (): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close (): Promise<void> {
    this.#stop.abort()
    for (const { topic, partition } of this.#assignment.values()) this.#consumer.setPaused(topic, partition, true)
    // 1. end handlers; the consumer stays in the group meanwhile
    await Promise.all([...[...this.#partitions.values()].map((one) => one.close()), ...this.#released.values()])
    // 2. commit what they acknowledged
    await this.#committer.close()
    // 3. leave the group, so that others take over at once
    await this.#consumer.close()
  }

  #assign (memberAssignment: Readonly<Record<string, readonly number[]>>): void {
    const places = Object.entries(memberAssignment).flatMap(([topic, partitions]) => partitions.map((partition): TopicPartition => ({ topic, partition })))
    const assignment = this.#assignment = new Map(places.map((place) => [keyOf(place.topic, place.partition), place]))
    for (const [key, partition] of this.#partitions) if (!assignment.has(key)) this.#release(key, partition)
    const fresh: TopicPartition[] = []
    for (const [key, place] of assignment) {
      const kept = this.#partitions.get(key)
      // a new partition is fetched only once its offset is known
      if (kept === undefined) fresh.push(place)
      else {
        // kafkajs returns to the committed offset; held records need no second fetch
        this.#consumer.fetchFrom(place.topic, place.partition, kept.next)
        // a commit may have been lost with an earlier consumer
        if (kept.acknowledged !== undefined) this.#committer.acknowledged(place.topic, place.partition, kept.acknowledged)
      }
      this.#consumer.setPaused(place.topic, place.partition, kept?.paused ?? true)
    }
    this.#resume()
    if (fresh.length > 0) void this.#begin(fresh, assignment)
  }

  /** The next owner continues from the last commit and repeats what our handler still does. */
  #release (key: string, partition: AssignedPartition): void {
    this.#partitions.delete(key)
    this.#committer.forget(key)
    const ended = partition.close().finally(() => { if (this.#released.get(key) === ended) this.#released.delete(key) })
    this.#released.set(key, ended)
  }

  async #begin (fresh: readonly TopicPartition[], assignment: ReadonlyMap<string, TopicPartition>): Promise<void> {
    const { admin, group, logger } = this.#options
    const isOver = (): boolean => this.#assignment !== assignment || this.#stop.signal.aborted
    // our handler may still run on a partition that was revoked and assigned again: one at a time
    const left = fresh.map(async ({ topic, partition }) => { await this.#released.get(keyOf(topic, partition)) })
    await Promise.all(left)
    while (!isOver()) {
      try {
        const positions = await admin.run(`the offsets of ${group}`, async (client) => await readPositions(client, group, [...new Set(fresh.map(({ topic }) => topic))]))
        if (isOver()) return
        for (const position of positionsOf(fresh, positions)) {
          this.#report(position.topic, lostRecords(position))
          if (isCutOff(position)) logger.error(position, 'expected the offset that the group committed, got a partition that ends before it: it was set up anew or lost its end; it is read from its beginning')
          this.#start(position, nextOffset(position))
        }
        return
      } catch (err) {
        this.#lines.say('offsets', 'warn', { err, group }, 'reading the offsets of the group failed; retrying')
        await pause(retryMs, this.#stop.signal)
      }
    }
  }

  #start ({ topic, partition }: TopicPartition, position: number): void {
    const { options, handler, topics } = this.#options
    const assigned: AssignedPartition = new AssignedPartition({
      topic: topics.get(topic) ?? topic,
      partition,
      position,
      options,
      handler,
      acknowledge: (next) => {
        if (this.#partitions.get(keyOf(topic, partition)) === assigned) this.#committer.acknowledged(topic, partition, next)
        this.#resume()
      }
    })
    this.#partitions.set(keyOf(topic, partition), assigned)
    this.#consumer.fetchFrom(topic, partition, position)
    this.#consumer.setPaused(topic, partition, false)
  }

  /** Must not reject, which would end the fetch loop; failures of records surface in the delivery. */
  async #fetched (payload: EachBatchPayload): Promise<void> {
    const { batch } = payload
    const { topic, partition, messages } = batch
    const key = keyOf(topic, partition)
    const assigned = this.#partitions.get(key)
    if (assigned === undefined || this.#stop.signal.aborted) return
    if (!await this.#continues(batch, assigned) || this.#partitions.get(key) !== assigned) return
    assigned.take(messages, Number(batch.lastOffset()))
    try {
      payload.resolveOffset(batch.lastOffset())
    } catch (err) {
      // the partition was revoked meanwhile: its next owner reads from the last commit
      this.#options.logger.debug({ err, topic, partition }, 'partition revoked during a fetch')
    }
    const { bytes } = assigned.records
    if (bytes > 0 && (bytes >= 2 * this.#options.options.maxBytes || this.heldBytes >= heldLimitBytes)) {
      assigned.paused = true
      this.#consumer.setPaused(topic, partition, true)
    }
  }

  async #continues (batch: Batch, assigned: AssignedPartition): Promise<boolean> {
    const { admin } = this.#options
    const { topic, partition } = batch
    try {
      const { continues, lost } = await detectOffsetGap(batch, assigned, async () => await admin.run(`the offsets of ${topic}`, async (client) => await lowOffset(client, topic, partition)))
      this.#report(topic, lost)
      if (continues) return true
    } catch (err) {
      this.#lines.say(`fetch ${keyOf(topic, partition)}`, 'warn', { err, topic, partition, expected: assigned.next }, 'expected the next record of the partition, got a later one; it is fetched again')
    }
    this.#consumer.fetchFrom(topic, partition, assigned.next)
    return false
  }

  #report (topic: string, lost: number): void {
    if (lost > 0) this.#options.onLost(this.#options.topics.get(topic) ?? topic, this.#options.options.group, lost)
  }

  /** A partition without held records always resumes, whatever other partitions hold. */
  #resume (): void {
    const room = this.heldBytes < heldLimitBytes
    for (const [key, one] of this.#partitions) {
      const place = this.#assignment.get(key)
      if (place === undefined || !one.paused || !(one.records.bytes === 0 || (room && one.records.bytes < this.#options.options.maxBytes))) continue
      one.paused = false
      one.movedAt = performance.now()
      this.#consumer.setPaused(place.topic, place.partition, false)
    }
  }

  #dead (error: AppError): void {
    if (!this.#stop.signal.aborted) this.#options.onDead(error)
  }
}
