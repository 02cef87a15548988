import { AppError } from '../../runtime/errors.ts'
import type { TopicDefinition } from '../log.ts'
import type { Store } from './store.ts'
import { createTopicState, type TopicState } from './topic-state.ts'
import { runtimeErrors } from '../../runtime/runtime-errors.ts'

/** LMDB keys are short; topic names are ours, so a longer one is a bug. */
const maxNameBytes = 255

/** Rejects definitions that could never work. */
export function checkTopics (topics: readonly TopicDefinition[]): void {
  const names = new Set<string>()
  for (const { name, groups } of topics) {
    if (names.has(name)) throw new AppError(runtimeErrors.INTERNAL, `expected each topic once, got ${name} twice`)
    names.add(name)
    // with no group, records would never be trimmed, or at once
    if (groups.length === 0) throw new AppError(runtimeErrors.INTERNAL, `expected at least one group for topic ${name}, got none`)
    for (const text of [name, ...groups]) {
      const bytes = Buffer.byteLength(text)
      if (bytes === 0 || bytes > maxNameBytes) throw new AppError(runtimeErrors.INTERNAL, `expected topic and group names of 1 to ${maxNameBytes} bytes, got ${JSON.stringify(text)}`)
    }
  }
}

/** The topics that the log was opened with. Asking for another one is a bug. */
export class TopicRegistry {
  readonly all: readonly TopicState[]
  readonly #byName: ReadonlyMap<string, TopicState>

  constructor (store: Store, topics: readonly TopicDefinition[]) {
    this.all = topics.map(topic => createTopicState(store, topic))
    this.#byName = new Map(this.all.map(topic => [topic.name, topic]))
  }

  get (name: string): TopicState {
    const topic = this.#byName.get(name)
    if (topic === undefined) throw new AppError(runtimeErrors.INTERNAL, `expected one of the log's topics, got ${name}`)
    return topic
  }

  forGroup (name: string, group: string): TopicState {
    const topic = this.get(name)
    // its records would be trimmed before a group that the definition lacks has read them
    if (!topic.groups.includes(group)) throw new AppError(runtimeErrors.INTERNAL, `expected one of the groups of topic ${name}, got ${group}`)
    return topic
  }
}
