import { crc32 } from 'node:zlib'
import type { ConsumedRecord } from '../log-consumer.ts'
import type { LogRecord } from '../log-writer.ts'

/**
 * A record batch is one LMDB entry: consecutive records of one topic, keyed by the offset of the first.
 * All appends that share a flush share record batches: an LMDB entry costs once per flush, not once per record.
 *
 *     u32 crc | u32 layout | u32 count | u32 0 | f64 appendedAt | f64 bytesBefore | count × (f64 timestamp, u32 end, u32 0) | values
 *
 * Little endian. `crc` is the CRC-32 of the rest, seeded with topic and offset, so that a record batch under another key fails too.
 * `end` is relative to the first value. `bytesBefore` is the total that the topic had taken before this record batch:
 * the size of a topic is the difference of its two ends, so no counter can drift in a crash.
 */
const headerBytes = 32
const crcBytes = 4
const indexEntryBytes = 16
const layout = 2

/** LMDB's key and node overhead per record batch. */
const entryOverheadBytes = 16

/** With LMDB's page header this fills 32 pages of 4 KiB. A larger record is a record batch of its own. */
const maxBatchBytes = 32 * 4096 - 16

export interface BatchHeader {
  readonly count: number
  /** Epoch milliseconds. */
  readonly appendedAt: number
  readonly bytesBefore: number
}

/** The header of a record batch with a correct checksum; undefined otherwise. */
export function readHeader (batch: Buffer, topic: string, offset: number): BatchHeader | undefined {
  if (batch.length < headerBytes || batch.readUInt32LE(0) !== checksum(batch, topic, offset)) return undefined
  const found = batch.readUInt32LE(4)
  if (found !== layout) throw new Error(`expected record batch layout ${layout}, got ${found}`)
  return { count: batch.readUInt32LE(8), appendedAt: batch.readDoubleLE(16), bytesBefore: batch.readDoubleLE(24) }
}

function checksum (batch: Buffer, topic: string, offset: number): number {
  return crc32(batch.subarray(crcBytes), crc32(`${topic}:${offset}`))
}

/** Bytes of a record batch in the backlog. */
export function heldBytes (batchBytes: number): number {
  return batchBytes + entryOverheadBytes
}

/** Estimated bytes of a record in the backlog before it is in a record batch. */
export function recordBytes (record: LogRecord): number {
  return record.value.length + indexEntryBytes
}

/** Upper bound of the bytes that `writeBatches` writes. */
export function boundOfBatches (records: number, totalRecordBytes: number): number {
  return totalRecordBytes + records * headerBytes
}

export interface WrittenBatch {
  readonly offset: number
  readonly value: Buffer
}

export interface TopicEnd {
  readonly offset: number
  readonly bytes: number
}

export interface BatchTarget {
  readonly arena: Buffer
  /** Where in the arena the first record batch begins. */
  readonly at: number
  readonly topic: string
  /** The end of the topic before them. */
  readonly end: TopicEnd
  /** Epoch milliseconds. */
  readonly appendedAt: number
}

/** Writes the records one after the other into the arena. The record batches are views of it. */
export function writeBatches (
  records: readonly LogRecord[], { arena: target, at: start, topic, end, appendedAt }: BatchTarget
): { readonly recordBatches: readonly WrittenBatch[], readonly end: TopicEnd, readonly at: number } {
  const recordBatches: WrittenBatch[] = []
  let at = start
  let { offset, bytes } = end
  let from = 0
  while (from < records.length) {
    const to = batchEnd(records, from)
    const count = to - from
    target.writeUInt32LE(layout, at + 4)
    target.writeUInt32LE(count, at + 8)
    target.writeUInt32LE(0, at + 12)
    target.writeDoubleLE(appendedAt, at + 16)
    target.writeDoubleLE(bytes, at + 24)
    let entry = at + headerBytes
    const values = entry + count * indexEntryBytes
    let next = values
    for (let i = from; i < to; i++) {
      const record = records[i] as LogRecord
      target.set(record.value, next)
      next += record.value.length
      target.writeDoubleLE(record.timestamp, entry)
      target.writeUInt32LE(next - values, entry + 8)
      target.writeUInt32LE(0, entry + 12)
      entry += indexEntryBytes
    }
    const value = target.subarray(at, next)
    value.writeUInt32LE(checksum(value, topic, offset), 0)
    recordBatches.push({ offset, value })
    offset += count
    bytes += heldBytes(next - at)
    at = next
    from = to
  }
  return { recordBatches, end: { offset, bytes }, at }
}

function batchEnd (records: readonly LogRecord[], from: number): number {
  let size = headerBytes
  let to = from
  for (; to < records.length; to++) {
    size += recordBytes(records[to] as LogRecord)
    if (size > maxBatchBytes && to > from) break
  }
  return to
}

/** The record at `index`, as a view of `batch`, which must not be overwritten afterwards. */
export function readRecord (batch: Buffer, header: BatchHeader, firstOffset: number, index: number): ConsumedRecord {
  const entry = headerBytes + index * indexEntryBytes
  const values = headerBytes + header.count * indexEntryBytes
  const start = index === 0 ? 0 : batch.readUInt32LE(entry - indexEntryBytes + 8)
  return {
    offset: firstOffset + index,
    timestamp: batch.readDoubleLE(entry),
    value: batch.subarray(values + start, values + batch.readUInt32LE(entry + 8))
  }
}
