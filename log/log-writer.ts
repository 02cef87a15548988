/** One record to append. `value` is framed Avro (schemas/framing.ts). */
export interface LogRecord {
  readonly topic: string
  /** Selects the partition in a log with several; records of one key keep their order. */
  readonly key: string
  /** Epoch milliseconds at which the webhook behind the record arrived: gives age and end-to-end latency. */
  readonly timestamp: number
  readonly value: Buffer
}

/**
 * Appends to the log.
 *
 * May be called concurrently; concurrent calls are coalesced into one flush.
 */
export interface LogWriter {
  /**
   * Resolves when every record is durable (LMDB flushed to disk, Kafka acks=all): that is the acknowledgement.
   * Rejects with LOG_BACKLOG_FULL (over the limit in bytes; nothing was written), LOG_DISK_FULL (nothing was written) or LOG_UNAVAILABLE (the records
   * may or may not have been written; the caller may repeat, and readers must stand the repetition), or with LOG_RECORD_TOO_LARGE
   * (nothing was written).
   */
  append (records: readonly LogRecord[]): Promise<void>
  /**
   * Resolves when an append would be durable now, having written one; rejects as `append` does. Also rejects with LOG_UNAVAILABLE
   * while a subscription of this process cannot read.
   */
  probe (): Promise<void>
}
