import { AppError } from '../../runtime/errors.ts'
import type { LogRecord, LogWriter } from '../log-writer.ts'
import type { CommitQueue } from './commit-queue.ts'
import type { TopicRegistry } from './topic-registry.ts'
import { logErrors } from '../log-errors.ts'

export interface EmbeddedWriterOptions {
  readonly topics: TopicRegistry
  readonly queue: CommitQueue
  /** Throws while appends must be refused. */
  readonly requireRoom: () => void
  /** Throws while the log cannot be read. The probe then rejects; an append still becomes durable. */
  readonly requireReadable: () => void
}

/** One of the log's two writers. The caller must not modify values before `append` has resolved. */
export class EmbeddedWriter implements LogWriter {
  readonly #options: EmbeddedWriterOptions
  #closed = false

  constructor (options: EmbeddedWriterOptions) {
    this.#options = options
  }

  async append (records: readonly LogRecord[]): Promise<void> {
    const { topics, queue, requireRoom } = this.#options
    const targets = records.map(record => topics.get(record.topic))
    this.#requireOpen()
    if (records.length === 0) return
    requireRoom()
    await queue.append(targets, records)
  }

  async probe (): Promise<void> {
    const { queue, requireRoom, requireReadable } = this.#options
    this.#requireOpen()
    requireRoom()
    requireReadable()
    await queue.append([], [])
  }

  /** Refuses new appends; accepted ones complete. */
  close (): void {
    this.#closed = true
  }

  #requireOpen (): void {
    if (this.#closed) throw new AppError(logErrors.LOG_UNAVAILABLE, 'expected an open log, got one that is closed or closing')
  }
}
