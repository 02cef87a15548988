import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../runtime/errors.ts'
import type { LogRecord } from '../log-writer.ts'
import { commitFailure, settlesWithin } from './commit-failure.ts'
import { PendingBatch } from './pending-batch.ts'
import { readSequence, type Store } from './store.ts'
import { loadTopicState, type TopicState } from './topic-state.ts'
import { applyTransaction, executeTransaction, planTransaction, type Transaction } from './transaction.ts'

/** A batch this large is closed, and what comes next goes into another transaction. */
const fullBatchBytes = 4 * 1024 * 1024
/** Acknowledged positions wait this long for an append to ride with before they get a flush of their own. */
const positionDelayMs = 20
const positionRetryMs = 1000
/** After a failed commit: a full disk is asked ten times a second, not a thousand, and lmdb complains on stderr each time. */
const failureDelayMs = 100
/** A flush that takes longer is taken for a broken disk: callers are told, and nothing new is accepted until it ends. */
const commitDeadlineMs = 15_000

/**
 * Everything that is written to the store goes through here, one transaction at a time: what arrives while one is being
 * flushed waits and shares the next.
 */
export class CommitQueue {
  readonly #store: Store
  readonly #topics: readonly TopicState[]
  #sequence: number
  #arena = Buffer.allocUnsafeSlow(2 * fullBatchBytes)
  #batches: PendingBatch[] = []
  #running: Promise<void> | undefined
  #stalled = false
  #positionTimer: NodeJS.Timeout | undefined
  #positionsDue = false
  /** Bytes accepted but not yet in the store. */
  #queuedBytes = 0

  constructor (store: Store, topics: readonly TopicState[]) {
    this.#store = store
    this.#topics = topics
    this.#sequence = readSequence(store)
  }

  get heldBytes (): number {
    let bytes = this.#queuedBytes
    for (const topic of this.#topics) bytes += topic.end.bytes - topic.first.bytes
    return bytes
  }

  /** Resolves when the records are durable, all of them in one transaction. Without records: when a write was durable. */
  append (topics: readonly TopicState[], records: readonly LogRecord[]): Promise<void> {
    if (this.#stalled) return Promise.reject(stalledError())
    const batch = this.#openBatch()
    const before = batch.bytes
    for (let i = 0; i < records.length; i++) batch.add(topics[i] as TopicState, records[i] as LogRecord)
    this.#queuedBytes += batch.bytes - before
    this.#start()
    return batch.done
  }

  /** Keeps the position soon; `flush` says when. */
  savePosition (topic: TopicState, group: string, offset: number): void {
    topic.positions.set(group, offset)
    topic.unsaved.add(group)
    this.#schedulePositions(positionDelayMs)
  }

  /** Resolves when everything accepted so far is durable, positions too; rejects where they could not be kept. */
  async flush (): Promise<void> {
    if (this.#topics.some(topic => topic.unsaved.size > 0)) await this.append([], [])
    await this.#running
  }

  /** Notices what other processes have written. */
  refresh (): void {
    // a running transaction tells by itself
    if (this.#running === undefined && readSequence(this.#store) !== this.#sequence) this.#reload()
  }

  /** Resolves when no transaction is running and none will be. Rejects while the disk does not answer. */
  async close (): Promise<void> {
    if (this.#stalled) throw stalledError()
    await this.flush().catch(() => {}) // told to those who asked for it
    clearTimeout(this.#positionTimer)
    await this.#running
  }

  #openBatch (): PendingBatch {
    const last = this.#batches.at(-1)
    if (last !== undefined && last.bytes < fullBatchBytes) return last
    const batch = new PendingBatch()
    this.#batches.push(batch)
    return batch
  }

  #schedulePositions (delayMs: number): void {
    this.#positionTimer ??= setTimeout(() => {
      this.#positionTimer = undefined
      this.#positionsDue = true
      this.#start()
    }, delayMs)
  }

  #start (): void {
    this.#running ??= this.#run()
  }

  async #run (): Promise<void> {
    // what other callers append in this turn of the event loop still shares the first flush
    await new Promise(resolve => setImmediate(resolve))
    while (this.#batches.length > 0 || this.#positionsDue) {
      this.#positionsDue = false
      await this.#commit(this.#batches.shift() ?? new PendingBatch())
    }
    // in the same step as the look at the queue, or an append in between would start nobody
    this.#running = undefined
  }

  async #commit (batch: PendingBatch): Promise<void> {
    try {
      const transaction = await this.#execute(batch)
      this.#queuedBytes -= batch.bytes
      applyTransaction(transaction)
      if (transaction.trims.some(trim => trim.more)) this.#positionsDue = true
      batch.resolve()
      for (const { topic } of transaction.appends) wakeReaders(topic)
    } catch (error) {
      this.#queuedBytes -= batch.bytes
      batch.reject(await commitFailure(error))
      this.#reloadIfReadable()
      await sleep(failureDelayMs)
      if (this.#topics.some(topic => topic.unsaved.size > 0)) this.#schedulePositions(positionRetryMs)
    }
  }

  async #execute (batch: PendingBatch): Promise<Transaction> {
    for (;;) {
      const arena = this.#arenaOf(batch.boundBytes)
      const transaction = planTransaction(this.#sequence, this.#topics, batch, arena, Date.now())
      const committed = executeTransaction(this.#store, transaction)
      if (!await settlesWithin(committed, commitDeadlineMs)) {
        this.#stall(batch)
      }
      const durable = await committed
      this.#stalled = false
      if (durable) {
        this.#sequence = transaction.sequence + 1
        return transaction
      }
      this.#reload()
    }
  }

  /** The transaction goes on waiting for the disk; its callers, and those who wait for the next one, do not. */
  #stall (running: PendingBatch): void {
    this.#stalled = true
    running.reject(stalledError())
    for (const batch of this.#batches.splice(0)) {
      this.#queuedBytes -= batch.bytes
      batch.reject(stalledError())
    }
  }

  /** The arena is reused: only one transaction reads it at a time. */
  #arenaOf (bytes: number): Buffer {
    return bytes <= this.#arena.length ? this.#arena : Buffer.allocUnsafeSlow(bytes)
  }

  /** After a failure: whatever of it did reach the disk, go on from there. If that fails too, the next transaction tells. */
  #reloadIfReadable (): void {
    try {
      this.#reload()
    } catch {}
  }

  #reload (): void {
    this.#store.root.resetReadTxn()
    this.#sequence = readSequence(this.#store)
    for (const topic of this.#topics) {
      const end = topic.end.offset
      loadTopicState(this.#store, topic)
      if (topic.end.offset !== end) wakeReaders(topic)
    }
  }
}

function wakeReaders (topic: TopicState): void {
  for (const reader of topic.readers) reader()
}

function stalledError (): AppError {
  return new AppError('LOG_UNAVAILABLE', `expected a flush within ${commitDeadlineMs} ms, and the disk has not answered`)
}
