import { AppError } from '../../runtime/errors.ts'
import { TopicReader } from './topic-reader.ts'
import { positionOf, type TopicState } from './topic-state.ts'
import { logErrors } from '../log-errors.ts'

/** Reads what each group is to read next. Throws LOG_UNAVAILABLE where that cannot be read; a damaged record batch is no such case, as it is passed over. */
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
