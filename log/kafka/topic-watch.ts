import { AppError } from '../../runtime/errors.ts'
import { protocolError } from './kafka-errors.ts'
import { logErrors } from '../log-errors.ts'

export interface TopicWatchOptions {
  readonly signal: AbortSignal
  /** Rejects with Kafka's UNKNOWN_TOPIC_OR_PARTITION if a topic is missing. */
  readonly describe: () => Promise<unknown>
  /** The process must end: its next start creates the topics again. */
  readonly onGone: (error: AppError) => void
  readonly checkMs?: number
  /** A restarting broker briefly does not know its topics. */
  readonly goneAfterMs?: number
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number
}

/**
 * kafkajs neither reads nor writes a topic that was deleted while running, and hardly reports it. So the topics
 * are polled: one that stays missing ends in LOG_TOPIC_UNSUITABLE. Time in which Kafka does not answer does not count.
 */
export function watchTopics (options: TopicWatchOptions): void {
  const check = topicCheck(options)
  const timer = setInterval(() => { void check() }, options.checkMs ?? 15_000)
  timer.unref()
  options.signal.addEventListener('abort', () => { clearInterval(timer) })
}

export function topicCheck ({ signal, describe, onGone, goneAfterMs = 60_000, now = () => performance.now() }: TopicWatchOptions): () => Promise<void> {
  let goneSince: number | undefined
  let isGone = false
  return async () => {
    try {
      await describe()
      goneSince = undefined
    } catch (cause) {
      if (protocolError(cause) !== 'UNKNOWN_TOPIC_OR_PARTITION') {
        goneSince = undefined
        return
      }
      goneSince ??= now()
      if (signal.aborted || isGone || now() - goneSince < goneAfterMs) return
      isGone = true
      onGone(new AppError(logErrors.LOG_TOPIC_UNSUITABLE, 'expected all topics of the log in Kafka, got one that was deleted; the next start makes it again, without the records that it had', { cause }))
    }
  }
}
