import type { Database } from 'lmdb'
import { heldBytes, readHeader, type TopicEnd } from './segment.ts'

/** The segments of a topic, by the offset of their first record, and where the next record goes. */
export interface Segments {
  readonly name: string
  readonly segments: Database<Buffer, number>
  readonly end: TopicEnd
}

/** What a segment covers: offsets up to `next`, and its place among the bytes that the topic has taken. */
export interface SegmentSpan {
  readonly next: number
  readonly bytesBefore: number
  readonly heldBytes: number
  readonly isDamaged: boolean
}

/** The span of the segment at this key. Nothing that a damaged segment says of itself is believed: its neighbours and the end of the topic tell. */
export function spanOf (topic: Segments, key: number): SegmentSpan {
  const { bytes, header } = read(topic, key)
  const held = heldBytes(bytes)
  if (header !== undefined) return { next: key + header.count, bytesBefore: header.bytesBefore, heldBytes: held, isDamaged: false }
  return { next: keyAfter(topic, key) ?? topic.end.offset, bytesBefore: bytesBeforeDamaged(topic, key, held), heldBytes: held, isDamaged: true }
}

/** The key of the segment after this one; undefined where it is the last. */
function keyAfter (topic: Segments, key: number): number | undefined {
  const [next] = topic.segments.getKeys({ start: key + 1, limit: 1 })
  return next
}

function bytesBeforeDamaged (topic: Segments, key: number, held: number): number {
  let sum = held
  for (const next of topic.segments.getKeys({ start: key + 1 })) {
    const { bytes, header } = read(topic, next)
    if (header !== undefined) return header.bytesBefore - sum
    sum += heldBytes(bytes)
  }
  sum = 0
  for (const previous of topic.segments.getKeys({ start: key - 1, reverse: true })) {
    const { bytes, header } = read(topic, previous)
    sum += heldBytes(bytes)
    if (header !== undefined) return header.bytesBefore + sum
  }
  return 0
}

/** The header and the length, without a copy of the values. */
function read (topic: Segments, key: number): { readonly header: ReturnType<typeof readHeader>, readonly bytes: number } {
  const segment = topic.segments.getBinaryFast(key)
  if (segment === undefined) throw new Error(`no segment at offset ${key} of topic ${topic.name}`)
  return { header: readHeader(segment, topic.name, key), bytes: segment.length }
}
