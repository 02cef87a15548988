import type { TopicEnd } from './record-batch.ts'
import { spanOf } from './batch-span.ts'
import type { TopicState } from './topic-state.ts'

/** Record batches removed per topic and transaction, at most: removal happens under the write lock. */
const batchesPerStep = 64

export interface Trim {
  readonly topic: TopicState
  readonly keys: readonly number[]
  /** The topic's oldest record after the removal. */
  readonly first: TopicEnd
  /** Whether there is more to trim. */
  readonly more: boolean
}

/** The oldest record batches that every group has passed; undefined where there are none. */
export function planTrim (topic: TopicState): Trim | undefined {
  const passed = Math.min(topic.end.offset, ...topic.groups.map(group => topic.positions.get(group) ?? 0))
  if (passed <= topic.first.offset) return undefined
  // a record batch ends where the next begins
  const starts = [...topic.recordBatches.getKeys({ start: topic.first.offset, limit: batchesPerStep + 1 })]
  const keys = starts.slice(0, batchesPerStep).filter((_, i) => (starts[i + 1] ?? topic.end.offset) <= passed)
  if (keys.length === 0) return undefined
  const next = starts[keys.length]
  const first = next === undefined ? topic.end : { offset: next, bytes: spanOf(topic, next).bytesBefore }
  return { topic, keys, first, more: keys.length === batchesPerStep }
}
