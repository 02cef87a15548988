import type { LogBatch } from '../log/log-consumer.ts'
import type { Piece } from './transform-records.ts'

/** Works out what batches of raw records become; where that is done is its own affair. */
export interface Transformer {
  /**
   * The messages of a batch, in pieces: the next one is worked out while the last is being appended, and no further. Rejects as
   * `transformRecords` throws, and with TRANSFORM_THREAD_LOST or where the batch's signal is aborted.
   */
  transform (batch: LogBatch): AsyncIterable<Piece>
  close (): Promise<void>
}
