import type { Database } from 'lmdb'
import type { TopicDefinition } from '../log.ts'
import { heldBytes, readHeader, type SegmentHeader, type TopicEnd } from './segment.ts'
import { endKey, positionKey, readOffset, type Store } from './store.ts'

/** What this process knows of one topic: always a state that was durable, though another process may have moved on since. */
export interface TopicState {
  readonly name: string
  readonly groups: readonly string[]
  readonly segments: Database<Buffer, number>
  /** The oldest record held; equal to `end` when there is none. */
  first: TopicEnd
  /** Where the next record goes. */
  end: TopicEnd
  /** Next offset to read, by group, as acknowledged: it may be ahead of what is kept in the store. */
  readonly positions: Map<string, number>
  /** Groups whose position in the store is behind. */
  readonly unsaved: Set<string>
  /** Called when there is more to read. */
  readonly readers: Set<() => void>
}

export function createTopicState (store: Store, topic: TopicDefinition): TopicState {
  const segments = store.segments.get(topic.name)
  if (segments === undefined) throw new Error(`no database was opened for topic ${topic.name}`)
  const nothing = { offset: 0, bytes: 0 }
  const state = {
    name: topic.name, groups: topic.groups, segments, first: nothing, end: nothing, positions: new Map(), unsaved: new Set<string>(), readers: new Set<() => void>()
  }
  loadTopicState(store, state)
  return state
}

/** Reads the topic's ends and positions afresh. */
export function loadTopicState (store: Store, topic: TopicState): void {
  const [firstKey] = topic.segments.getKeys({ limit: 1 })
  const [lastKey] = topic.segments.getKeys({ reverse: true, limit: 1 })
  if (firstKey === undefined || lastKey === undefined) {
    topic.end = { offset: readOffset(store, endKey(topic.name)) ?? 0, bytes: 0 }
    topic.first = topic.end
  } else {
    const { header, bytes } = peekSegment(topic, lastKey)
    topic.end = { offset: lastKey + header.count, bytes: header.bytesBefore + heldBytes(bytes) }
    topic.first = { offset: firstKey, bytes: peekSegment(topic, firstKey).header.bytesBefore }
  }
  for (const group of topic.groups) {
    // never behind what was acknowledged here and is only waiting to be kept
    const kept = readOffset(store, positionKey(topic.name, group)) ?? 0
    topic.positions.set(group, Math.max(kept, topic.positions.get(group) ?? 0))
  }
}

/** A segment's header and length, without a copy of its own of the values. */
export function peekSegment (topic: TopicState, key: number): { readonly header: SegmentHeader, readonly bytes: number } {
  const segment = topic.segments.getBinaryFast(key)
  if (segment === undefined) throw new Error(`no segment at offset ${key} of topic ${topic.name}`)
  return { header: readHeader(segment), bytes: segment.length }
}

/** Key of the segment that holds the offset, or of the oldest one where the offset is already trimmed. */
export function segmentKeyOf (topic: TopicState, offset: number): number | undefined {
  if (offset < topic.first.offset) return topic.first.offset
  const [key] = topic.segments.getKeys({ start: offset, reverse: true, limit: 1 })
  return key
}

/** Next offset that the group reads. */
export function positionOf (topic: TopicState, group: string): number {
  return Math.max(topic.positions.get(group) ?? 0, topic.first.offset)
}
