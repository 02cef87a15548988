import type { ConsumedRecord } from '../log-consumer.ts'
import type { RecordReader } from '../record-reader.ts'
import { spanOf } from './segment-span.ts'
import { readHeader, readRecord, type SegmentHeader } from './segment.ts'
import { segmentKeyOf, type TopicState } from './topic-state.ts'

interface OpenSegment {
  readonly key: number
  readonly header: SegmentHeader
  /** A copy of our own: records are views of it, and stay valid for whoever keeps them. */
  readonly bytes: Buffer
}

/** A segment that the reader passes over from `offset` on, up to `next`, as its CRC does not fit. */
export interface PassedOver {
  readonly key: number
  readonly offset: number
  readonly next: number
  readonly bytes: Buffer
}

/** Reads one topic forwards, a segment at a time. */
export class TopicReader implements RecordReader {
  readonly #topic: TopicState
  readonly #onDamaged: (segment: PassedOver) => void
  #offset: number
  #segment: OpenSegment | undefined

  /** `onDamaged` is told of a damaged segment before the reader moves past it; where it throws, the reader stays. */
  constructor (topic: TopicState, offset: number, onDamaged: (segment: PassedOver) => void) {
    this.#topic = topic
    this.#offset = offset
    this.#onDamaged = onDamaged
  }

  get ready (): boolean {
    while (this.#offset < this.#topic.end.offset) {
      if (this.#current() !== undefined) return true
    }
    return false
  }

  /** Since the append, which another process or an earlier run may have made: only the wall clock is common to both. */
  get waitedMs (): number {
    return Date.now() - this.#required().header.appendedAt
  }

  peek (): ConsumedRecord {
    const { key, header, bytes } = this.#required()
    return readRecord(bytes, header, key, this.#offset - key)
  }

  advance (): void {
    this.#offset++
  }

  rewind (offset: number): void {
    this.#offset = offset
  }

  onMore (callback: () => void): () => void {
    this.#topic.readers.add(callback)
    return () => { this.#topic.readers.delete(callback) }
  }

  #required (): OpenSegment {
    const open = this.#current()
    if (open === undefined) throw this.#missing()
    return open
  }

  /** The segment with the next record; undefined where that was damaged, and has been passed over. */
  #current (): OpenSegment | undefined {
    const open = this.#segment
    if (open !== undefined && this.#offset >= open.key && this.#offset < open.key + open.header.count) return open
    const key = segmentKeyOf(this.#topic, this.#offset)
    const bytes = key === undefined ? undefined : this.#topic.segments.getBinary(key)
    if (key === undefined || bytes === undefined) throw this.#missing()
    // trimmed before we came: nobody had asked for it to stay
    if (this.#offset < key) this.#offset = key
    const header = readHeader(bytes, this.#topic.name, key)
    if (header === undefined) {
      const { next } = spanOf(this.#topic, key)
      this.#onDamaged({ key, offset: this.#offset, next, bytes })
      this.#offset = next
      return undefined
    }
    if (this.#offset >= key + header.count) throw this.#missing()
    this.#segment = { key, header, bytes }
    return this.#segment
  }

  #missing (): Error {
    return new Error(`expected a record at offset ${this.#offset} of topic ${this.#topic.name} before ${this.#topic.end.offset}, found none`)
  }
}
