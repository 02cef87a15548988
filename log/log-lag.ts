/** The lag of one group in one topic. */
export interface TopicLag {
  readonly topic: string
  readonly group: string
  readonly records: number
  /** `timestamp` of the oldest unacknowledged record; undefined without one, or if another process reads the partition. */
  readonly oldestTimestamp: number | undefined
}

/** The next offset of a partition. */
export interface LogEnd {
  readonly topic: string
  readonly partition: number
  readonly next: number
}

export interface LogLag {
  lag (): Promise<readonly TopicLag[]>
  /** Bytes that the log holds, and the limit at which appends are refused; undefined for a log without such a limit. */
  backlog (): Promise<{ readonly bytes: number, readonly limit: number } | undefined>
  /** Free bytes of the log's disk, and the reserve below which webhooks are refused; undefined if the disk is on another machine. */
  disk (): Promise<{ readonly freeBytes: number, readonly reserveBytes: number } | undefined>
  ends (): Promise<readonly LogEnd[]>
}
