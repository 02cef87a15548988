import type { TopicLag } from '../log-lag.ts'
import { TopicReader } from './topic-reader.ts'
import { positionOf, type TopicState } from './topic-state.ts'

export function lagOf (topics: readonly TopicState[]): readonly TopicLag[] {
  return topics.flatMap(topic => topic.groups.map(group => groupLag(topic, group)))
}

function groupLag (topic: TopicState, group: string): TopicLag {
  const position = positionOf(topic, group)
  // damage is reported by the group itself
  const reader = new TopicReader(topic, position, () => {})
  return {
    topic: topic.name,
    group,
    records: topic.end.offset - position,
    oldestTimestamp: reader.ready ? reader.peek().timestamp : undefined
  }
}
