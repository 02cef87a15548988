import { AppError } from '../../runtime/errors.ts'
import { protocolError } from './kafka-errors.ts'
import { logErrors } from '../log-errors.ts'

export interface TopicWatchOptions {
  readonly signal: AbortSignal
  /** Rejects with Kafka's UNKNOWN_TOPIC_OR_PARTITION where one of the topics is not there. */
  readonly describe: () => Promise<unknown>
  /** The process has to end: its next start makes the topics again. */
  readonly onGone: (error: AppError) => void
  readonly checkMs?: number
  /** A broker that restarts does not know its topics for a moment. */
  readonly goneAfterMs?: number
  /** Milliseconds of a clock that nobody sets. */
  readonly now?: () => number
}

/**
 * A topic that is deleted while the process runs is one that kafkajs neither reads nor writes any more, and says little about. So the topics
 * are looked at all the time: one that stays away ends in LOG_TOPIC_UNSUITABLE. Time in which Kafka does not answer is not counted.
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
