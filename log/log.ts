import type { LogConsumer } from './log-consumer.ts'
import type { LogLag } from './log-lag.ts'
import type { LogWriter } from './log-writer.ts'

/** Which groups read a topic. A record may be trimmed once every one of them has passed it. */
export interface TopicDefinition {
  readonly name: string
  readonly groups: readonly string[]
}

/** An open log, whatever its engine. */
export interface Log extends LogConsumer, LogLag {
  /** For webhooks at the edge: refused with LOG_BACKLOG_FULL while the log holds more than the limit. */
  readonly intake: LogWriter
  /**
   * For what the stages themselves write. Not under the backlog limit: what was once accepted must be able to move on,
   * or a full log could never drain.
   */
  readonly internal: LogWriter
  /** Ends subscriptions first, then pending appends, then the connection. */
  close (): Promise<void>
}
