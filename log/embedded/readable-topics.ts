import { AppError } from '../../runtime/errors.ts'
import { TopicReader } from './topic-reader.ts'
import { positionOf, type TopicState } from './topic-state.ts'
import { logErrors } from '../log-errors.ts'

/** Reads the next record of each group. Throws LOG_UNAVAILABLE if that fails; a damaged record batch does not count, because readers skip it. */
export function requireReadableTopics (topics: readonly TopicState[]): void {
  for (const topic of topics) {
    for (const group of topic.groups) {
      try {
        void new TopicReader(topic, positionOf(topic, group), () => {}).ready
      } catch (cause) {
        throw new AppError(logErrors.LOG_UNAVAILABLE, `expected topic ${topic.name} of the log to be readable, got an error`, { cause })
      }
    }
  }
}
