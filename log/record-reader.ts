import type { ConsumedRecord } from './log-consumer.ts'

/** Reads the records of one partition forwards, without waiting. */
export interface RecordReader {
  /** Whether there is a durable record to read. */
  readonly ready: boolean
  /** Milliseconds that the next record has waited; negative or too large if a clock was set since. Only while `ready`. */
  readonly waitedMs: number
  /** The next record, without moving past it. Only while `ready`. */
  peek (): ConsumedRecord
  advance (): void
  /** Returns to an offset that was not acknowledged. */
  rewind (offset: number): void
  /** Calls back whenever there may be more to read, until the returned function is called. */
  onMore (callback: () => void): () => void
}
