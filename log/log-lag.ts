/** What one group has still to read of one topic. */
export interface TopicLag {
  readonly topic: string
  readonly group: string
  readonly records: number
  /** `timestamp` of the oldest record not yet acknowledged; undefined where there is none, or where a log of several processes leaves the reading to another. */
  readonly oldestTimestamp: number | undefined
}

/** Where the next record of a partition goes. */
export interface LogEnd {
  readonly topic: string
  readonly partition: number
  readonly next: number
}

export interface LogLag {
  lag (): Promise<readonly TopicLag[]>
  /** Bytes that the log holds and the limit at which appends are refused; undefined where the log has no such limit. */
  backlog (): Promise<{ readonly bytes: number, readonly limit: number } | undefined>
  /** Free bytes of the disk that the log writes to, and those below which webhooks are refused; undefined where the disk is another machine's. */
  disk (): Promise<{ readonly freeBytes: number, readonly reserveBytes: number } | undefined>
  ends (): Promise<readonly LogEnd[]>
}
