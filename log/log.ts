import type { LogConsumer } from './log-consumer.ts'
import type { LogLag } from './log-lag.ts'
import type { LogWriter } from './log-writer.ts'

/** The groups that read a topic. A record is trimmed once all of them have passed it. */
export interface TopicDefinition {
  readonly name: string
  readonly groups: readonly string[]
}

/** An open log, whatever its engine. */
export interface Log extends LogConsumer, LogLag {
  /** For ingest: refuses with LOG_BACKLOG_FULL while the log holds more than the limit. */
  readonly intake: LogWriter
  /**
   * For the stages. Exempt from the backlog limit: accepted events must be able to move on,
   * or a full log could never drain.
   */
  readonly internal: LogWriter
  /** Ends subscriptions, then pending appends, then the connection. */
  close (): Promise<void>
}
