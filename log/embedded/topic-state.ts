import type { Database } from 'lmdb'
import { AppError } from '../../runtime/errors.ts'
import type { TopicDefinition } from '../log.ts'
import { spanOf } from './batch-span.ts'
import type { TopicEnd } from './record-batch.ts'
import { endKey, positionKey, readOffset, type Store } from './store.ts'
import { logErrors } from '../log-errors.ts'

/** This process's view of one topic: always a state that was durable, though another process may have moved on since. */
export interface TopicState {
  readonly name: string
  readonly groups: readonly string[]
  readonly recordBatches: Database<Buffer, number>
  /** The oldest record held; equal to `end` when there is none. */
  first: TopicEnd
  /** Where the next record goes. */
  end: TopicEnd
  /** Next offset to read, by group, as acknowledged: may be ahead of the store. */
  readonly positions: Map<string, number>
  /** Groups whose offset in the store is behind. */
  readonly unsaved: Set<string>
  /** Called when there is more to read. */
  readonly readers: Set<() => void>
}

export function createTopicState (store: Store, topic: TopicDefinition): TopicState {
  const recordBatches = store.recordBatches.get(topic.name)
  if (recordBatches === undefined) throw new Error(`no database was opened for topic ${topic.name}`)
  const nothing = { offset: 0, bytes: 0 }
  const state = {
    name: topic.name, groups: topic.groups, recordBatches, first: nothing, end: nothing, positions: new Map(), unsaved: new Set<string>(), readers: new Set<() => void>()
  }
  loadTopicState(store, state)
  return state
}

/** Reads the topic's ends and offsets from the store. */
export function loadTopicState (store: Store, topic: TopicState): void {
  const [firstKey] = topic.recordBatches.getKeys({ limit: 1 })
  const [lastKey] = topic.recordBatches.getKeys({ reverse: true, limit: 1 })
  if (![firstKey ?? 0, lastKey ?? 0].every(Number.isSafeInteger)) throw damaged(topic, 'offsets as keys of its record batches', 'others')
  const end = readOffset(store, endKey(topic.name)) ?? 0
  if (firstKey === undefined || lastKey === undefined) {
    topic.end = { offset: end, bytes: 0 }
    topic.first = topic.end
  } else {
    const last = spanOf(topic, lastKey)
    if (last.isDamaged ? lastKey >= end : last.next !== end) throw damaged(topic, `records up to ${end}`, `records up to ${last.next}`)
    topic.end = { offset: end, bytes: last.bytesBefore + last.heldBytes }
    topic.first = { offset: firstKey, bytes: spanOf(topic, firstKey).bytesBefore }
  }
  for (const group of topic.groups) {
    // never behind an acknowledgement that is not stored yet
    const kept = readOffset(store, positionKey(topic.name, group))
    topic.positions.set(group, Math.max(kept ?? 0, topic.positions.get(group) ?? 0))
    // a record batch is trimmed only when all groups have passed it; a new group has no offset yet
    if (firstKey === undefined && kept !== undefined && kept < end) throw damaged(topic, `records from ${kept} on for ${group}`, 'none')
  }
}

function damaged ({ name }: TopicState, expected: string, got: string): AppError {
  return new AppError(logErrors.LOG_DAMAGED, `expected topic ${name} of the log to have ${expected}, got ${got}; see docs/operations.md, "The log is damaged"`)
}

/** Key of the record batch that holds the offset, or of the oldest one if the offset was trimmed. */
export function batchKeyOf (topic: TopicState, offset: number): number | undefined {
  if (offset < topic.first.offset) return topic.first.offset
  const [key] = topic.recordBatches.getKeys({ start: offset, reverse: true, limit: 1 })
  return key
}

/** Next offset that the group reads. */
export function positionOf (topic: TopicState, group: string): number {
  return Math.max(topic.positions.get(group) ?? 0, topic.first.offset)
}
