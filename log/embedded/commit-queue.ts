import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../runtime/errors.ts'
import type { LogRecord } from '../log-writer.ts'
import { commitFailure, settlesWithin } from './commit-failure.ts'
import type { Committer } from './committer.ts'
import { PendingBatch } from './pending-batch.ts'
import type { TopicState } from './topic-state.ts'
import { logErrors } from '../log-errors.ts'

/** A pending batch of this size is closed; later appends go into the next transaction. */
const fullBatchBytes = 4 * 1024 * 1024
/** Acknowledged offsets wait this long to share the flush of an append. */
const positionDelayMs = 20
/** Pause after a failed commit: a full disk is retried ten times a second, because lmdb prints to stderr each time. */
const failureDelayMs = 100
/** A slower commit means a broken disk: callers get an error, and appends are refused until it ends. */
const commitDeadlineMs = 15_000

/**
 * All writes to the store, one transaction at a time. Writes that arrive during a flush
 * share the next transaction (group commit).
 */
export class CommitQueue {
  readonly #committer: Committer
  readonly #topics: readonly TopicState[]
  readonly #batches: PendingBatch[] = []
  /** Bytes accepted but not yet in the store. */
  #queuedBytes = 0
  #running: Promise<void> | undefined
  #stalled = false
  #positionTimer: NodeJS.Timeout | undefined
  /** Offsets or trimming need a transaction even without an append. */
  #due = false

  constructor (committer: Committer, topics: readonly TopicState[]) {
    this.#committer = committer
    this.#topics = topics
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

  /** Stores the offset soon; `flush` waits for it. */
  savePosition (topic: TopicState, group: string, offset: number): void {
    topic.positions.set(group, offset)
    topic.unsaved.add(group)
    this.#schedulePositions()
  }

  /** Resolves when everything accepted so far is durable, offsets included; rejects if offsets could not be stored. */
  async flush (): Promise<void> {
    if (this.#hasUnsaved()) await this.append([], [])
    await this.#running
  }

  /** Picks up commits of other processes. */
  refresh (): void {
    if (this.#running === undefined) this.#committer.refresh()
  }

  /** Resolves when no transaction is running or will start. Rejects while the disk does not answer. */
  async close (): Promise<void> {
    if (this.#stalled) throw stalledError()
    await this.flush().catch(() => {}) // its callers get the error
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

  #hasUnsaved (): boolean {
    return this.#topics.some(topic => topic.unsaved.size > 0)
  }

  #schedulePositions (): void {
    this.#positionTimer ??= setTimeout(() => {
      this.#positionTimer = undefined
      this.#due = true
      this.#start()
    }, positionDelayMs)
  }

  #start (): void {
    this.#running ??= this.#run()
  }

  async #run (): Promise<void> {
    // appends of the same event-loop turn share the first flush
    await new Promise(resolve => setImmediate(resolve))
    while (this.#batches.length > 0 || this.#due) {
      this.#due = false
      await this.#commit(this.#batches.shift() ?? new PendingBatch())
    }
    // synchronous with the check of the queue, or an append in between would start no loop
    this.#running = undefined
  }

  async #commit (batch: PendingBatch): Promise<void> {
    const commit = this.#committer.commit(batch)
    if (!await settlesWithin(commit, commitDeadlineMs)) this.#stall(batch)
    try {
      if (await commit) this.#due = true
      batch.resolve()
    } catch (error) {
      batch.reject(await commitFailure(error))
      this.#reload()
      if (this.#hasUnsaved()) this.#schedulePositions()
      await sleep(failureDelayMs)
    } finally {
      this.#stalled = false
      this.#queuedBytes -= batch.bytes
    }
  }

  /** The transaction keeps waiting for the disk; its callers and those of the next one do not. */
  #stall (running: PendingBatch): void {
    this.#stalled = true
    running.reject(stalledError())
    for (const batch of this.#batches.splice(0)) {
      this.#queuedBytes -= batch.bytes
      batch.reject(stalledError())
    }
  }

  /** Continues from whatever of a failed commit reached the disk. If that fails too, the next commit reports it. */
  #reload (): void {
    try {
      this.#committer.reload()
    } catch {}
  }
}

function stalledError (): AppError {
  return new AppError(logErrors.LOG_UNAVAILABLE, `expected a flush within ${commitDeadlineMs} ms, and the disk has not answered`)
}
