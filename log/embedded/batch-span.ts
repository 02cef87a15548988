import type { Database } from 'lmdb'
import { heldBytes, readHeader, type TopicEnd } from './record-batch.ts'

/** The record batches of a topic, by the offset of their first record, and where the next record goes. */
export interface BatchesOfTopic {
  readonly name: string
  readonly recordBatches: Database<Buffer, number>
  readonly end: TopicEnd
}

/** The offsets that a record batch covers, up to `next`, and its position in the bytes that the topic has taken. */
export interface BatchSpan {
  readonly next: number
  readonly bytesBefore: number
  readonly heldBytes: number
  readonly isDamaged: boolean
}

/** The span of the record batch at this key. The span of a damaged batch comes from its neighbours and the end of the topic, never from itself. */
export function spanOf (topic: BatchesOfTopic, key: number): BatchSpan {
  const { bytes, header } = read(topic, key)
  const held = heldBytes(bytes)
  if (header !== undefined) return { next: key + header.count, bytesBefore: header.bytesBefore, heldBytes: held, isDamaged: false }
  return { next: keyAfter(topic, key) ?? topic.end.offset, bytesBefore: bytesBeforeDamaged(topic, key, held), heldBytes: held, isDamaged: true }
}

/** The key of the record batch after this one; undefined where it is the last. */
function keyAfter (topic: BatchesOfTopic, key: number): number | undefined {
  const [next] = topic.recordBatches.getKeys({ start: key + 1, limit: 1 })
  return next
}

function bytesBeforeDamaged (topic: BatchesOfTopic, key: number, held: number): number {
  let sum = held
  for (const next of topic.recordBatches.getKeys({ start: key + 1 })) {
    const { bytes, header } = read(topic, next)
    if (header !== undefined) return header.bytesBefore - sum
    sum += heldBytes(bytes)
  }
  sum = 0
  for (const previous of topic.recordBatches.getKeys({ start: key - 1, reverse: true })) {
    const { bytes, header } = read(topic, previous)
    sum += heldBytes(bytes)
    if (header !== undefined) return header.bytesBefore + sum
  }
  return 0
}

/** The header and the length, without a copy of the values. */
function read (topic: BatchesOfTopic, key: number): { readonly header: ReturnType<typeof readHeader>, readonly bytes: number } {
  const batch = topic.recordBatches.getBinaryFast(key)
  if (batch === undefined) throw new Error(`no record batch at offset ${key} of topic ${topic.name}`)
  return { header: readHeader(batch, topic.name, key), bytes: batch.length }
}
