import type { TopicEnd } from './segment.ts'
import { spanOf } from './segment-span.ts'
import type { TopicState } from './topic-state.ts'

/** At most this many segments of a topic go in one transaction: removing them is work under the write lock. */
const stepSegments = 64

export interface Trim {
  readonly topic: TopicState
  readonly keys: readonly number[]
  /** The topic's oldest record once the keys are gone. */
  readonly first: TopicEnd
  /** Whether more could go already. */
  readonly more: boolean
}

/** The oldest segments that every group has passed; undefined where there are none. */
export function planTrim (topic: TopicState): Trim | undefined {
  const passed = Math.min(topic.end.offset, ...topic.groups.map(group => topic.positions.get(group) ?? 0))
  if (passed <= topic.first.offset) return undefined
  // a segment ends where the next begins
  const starts = [...topic.segments.getKeys({ start: topic.first.offset, limit: stepSegments + 1 })]
  const keys = starts.slice(0, stepSegments).filter((_, i) => (starts[i + 1] ?? topic.end.offset) <= passed)
  if (keys.length === 0) return undefined
  const next = starts[keys.length]
  const first = next === undefined ? topic.end : { offset: next, bytes: spanOf(topic, next).bytesBefore }
  return { topic, keys, first, more: keys.length === stepSegments }
}
