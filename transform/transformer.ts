import type { LogBatch } from '../log/log-consumer.ts'
import type { Piece } from './transform-records.ts'

/** Port: transforms batches of raw records. */
export interface Transformer {
  /**
   * The messages of a batch, in pieces: one piece is computed while the previous one is appended, no more. Rejects as
   * `transformRecords` throws, and with TRANSFORM_THREAD_LOST or if the batch's signal is aborted.
   */
  transform (batch: LogBatch): AsyncIterable<Piece>
  close (): Promise<void>
}
