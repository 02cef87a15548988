import type { ConsumedRecord } from './log-consumer.ts'

/** Reads the records of one partition forwards, without waiting. */
export interface RecordReader {
  /** Whether there is a durable record to read. */
  readonly ready: boolean
  /** Milliseconds that the next record has been waiting; negative or too many where the clock was set since the append. Only while `ready`. */
  readonly waitedMs: number
  /** The next record, without moving past it. Only while `ready`. */
  peek (): ConsumedRecord
  advance (): void
  /** Goes back to an offset that was not acknowledged. */
  rewind (offset: number): void
  /** Calls back, until it is told to stop, whenever there may be more to read. */
  onMore (callback: () => void): () => void
}
