import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../runtime/errors.ts'
import type { LogRecord } from '../log-writer.ts'
import { commitFailure, settlesWithin } from './commit-failure.ts'
import type { Committer } from './committer.ts'
import { PendingBatch } from './pending-batch.ts'
import type { TopicState } from './topic-state.ts'
import { logErrors } from '../log-errors.ts'

/** A batch this large is closed, and what comes next goes into another transaction. */
const fullBatchBytes = 4 * 1024 * 1024
/** Acknowledged positions wait this long for an append to ride with before they get a flush of their own. */
const positionDelayMs = 20
/** After a failed commit: a full disk is asked ten times a second, not a thousand, and lmdb complains on stderr each time. */
const failureDelayMs = 100
/** A commit that takes longer is taken for a broken disk: callers are told, and nothing is accepted until it ends. */
const commitDeadlineMs = 15_000

/**
 * Everything that is written to the store goes through here, one transaction at a time: what arrives while one is being
 * flushed waits and shares the next.
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
  /** Positions or trimming want a transaction even without an append. */
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

  /** Keeps the position soon; `flush` says when. */
  savePosition (topic: TopicState, group: string, offset: number): void {
    topic.positions.set(group, offset)
    topic.unsaved.add(group)
    this.#schedulePositions()
  }

  /** Resolves when everything accepted so far is durable, positions too; rejects where they could not be kept. */
  async flush (): Promise<void> {
    if (this.#hasUnsaved()) await this.append([], [])
    await this.#running
  }

  /** Notices what other processes have written. */
  refresh (): void {
    if (this.#running === undefined) this.#committer.refresh()
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
    // what other callers append in this turn of the event loop still shares the first flush
    await new Promise(resolve => setImmediate(resolve))
    while (this.#batches.length > 0 || this.#due) {
      this.#due = false
      await this.#commit(this.#batches.shift() ?? new PendingBatch())
    }
    // in the same step as the look at the queue, or an append in between would start nobody
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

  /** The transaction goes on waiting for the disk; its callers, and those who wait for the next one, do not. */
  #stall (running: PendingBatch): void {
    this.#stalled = true
    running.reject(stalledError())
    for (const batch of this.#batches.splice(0)) {
      this.#queuedBytes -= batch.bytes
      batch.reject(stalledError())
    }
  }

  /** Whatever of a failed commit did reach the disk, go on from there. If that fails too, the next commit tells. */
  #reload (): void {
    try {
      this.#committer.reload()
    } catch {}
  }
}

function stalledError (): AppError {
  return new AppError(logErrors.LOG_UNAVAILABLE, `expected a flush within ${commitDeadlineMs} ms, and the disk has not answered`)
}
