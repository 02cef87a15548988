import type { ConsumedRecord } from './log-consumer.ts'

/** Reads the records of one partition forwards, without waiting. */
export interface RecordReader {
  /** Whether there is a durable record to read. */
  readonly ready: boolean
  /** Epoch milliseconds from which the next record has been waiting. Only while `ready`. */
  readonly waitingSince: number
  /** The next record, without moving past it. Only while `ready`. */
  peek (): ConsumedRecord
  advance (): void
  /** Goes back to an offset that was not acknowledged. */
  rewind (offset: number): void
  /** Calls back, until it is told to stop, whenever there may be more to read. */
  onMore (callback: () => void): () => void
}
