import { AppError } from '../../runtime/errors.ts'
import type { LogRecord, LogWriter } from '../log-writer.ts'
import type { CommitQueue } from './commit-queue.ts'
import type { TopicRegistry } from './topic-registry.ts'

/** One of the log's two writers; the caller leaves values alone until `append` has resolved. */
export class EmbeddedWriter implements LogWriter {
  readonly #topics: TopicRegistry
  readonly #queue: CommitQueue
  readonly #limitBytes: number
  #closed = false

  /** Without a limit: Infinity. */
  constructor (topics: TopicRegistry, queue: CommitQueue, limitBytes: number) {
    this.#topics = topics
    this.#queue = queue
    this.#limitBytes = limitBytes
  }

  async append (records: readonly LogRecord[]): Promise<void> {
    const topics = records.map(record => this.#topics.get(record.topic))
    this.#requireOpen()
    if (records.length === 0) return
    this.#requireRoom()
    await this.#queue.append(topics, records)
  }

  async probe (): Promise<void> {
    this.#requireOpen()
    this.#requireRoom()
    await this.#queue.append([], [])
  }

  /** Refuses from now on; what was accepted goes on. */
  close (): void {
    this.#closed = true
  }

  #requireOpen (): void {
    if (this.#closed) throw new AppError('LOG_UNAVAILABLE', 'expected an open log, got one that is closed or closing')
  }

  #requireRoom (): void {
    if (this.#queue.heldBytes < this.#limitBytes) return
    // A process that only takes in learns of its own appends alone: the backlog may be drained by another since.
    this.#queue.refresh()
    const held = this.#queue.heldBytes
    if (held >= this.#limitBytes) {
      throw new AppError('LOG_BACKLOG_FULL', `expected less than ${this.#limitBytes} bytes in the log, got ${held}`)
    }
  }
}
