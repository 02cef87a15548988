export interface ConsumedRecord {
  readonly offset: number
  /** As appended: epoch milliseconds at which the webhook behind the record arrived. */
  readonly timestamp: number
  readonly value: Buffer
}

/** Consecutive records of one partition, in offset order; never empty. Offsets may have gaps. */
export interface LogBatch {
  readonly topic: string
  readonly partition: number
  readonly records: readonly ConsumedRecord[]
  /** Aborted when the batch is no longer ours: shutdown, or the partition was revoked. */
  readonly signal: AbortSignal
}

/**
 * Handles one batch. Its resolved promise is the acknowledgement: only then does the group's offset move past the batch.
 * A rejection is reported to `onError` and the records from the same offset on are delivered again after a back-off.
 */
export type BatchHandler = (batch: LogBatch) => Promise<void>

export interface ConsumeOptions {
  readonly group: string
  readonly topics: readonly string[]
  /** A batch is delivered when one of the three limits is reached. */
  readonly maxRecords: number
  readonly maxBytes: number
  /** Longest wait of a batch's first record for more records, in milliseconds. */
  readonly maxWaitMs: number
  /** If the log itself could not be read, the batch is empty. */
  readonly onError: (error: unknown, batch: LogBatch) => void
}

export interface Subscription {
  /** Resolves when no handler is running and every acknowledged offset is stored. Aborts running batches. */
  close (): Promise<void>
}

/**
 * Delivers what was appended to the topics, at least once, from the group's offset on.
 * One handler at a time per partition; partitions are independent, so a stuck handler stops only its own.
 * Only durable records are delivered.
 */
export interface LogConsumer {
  consume (options: ConsumeOptions, handler: BatchHandler): Promise<Subscription>
}
