import type { ConsumedRecord } from '../log-consumer.ts'
import type { RecordReader } from '../record-reader.ts'
import { readHeader, readRecord, type SegmentHeader } from './segment.ts'
import { segmentKeyOf, type TopicState } from './topic-state.ts'

interface OpenSegment {
  readonly key: number
  readonly header: SegmentHeader
  /** A copy of our own: records are views of it, and stay valid for whoever keeps them. */
  readonly bytes: Buffer
}

/** Reads one topic forwards, a segment at a time. */
export class TopicReader implements RecordReader {
  readonly #topic: TopicState
  #offset: number
  #segment: OpenSegment | undefined

  constructor (topic: TopicState, offset: number) {
    this.#topic = topic
    this.#offset = offset
  }

  get ready (): boolean {
    return this.#offset < this.#topic.end.offset
  }

  /** Since the append, which another process or an earlier run may have made: only the wall clock is common to both. */
  get waitedMs (): number {
    return Date.now() - this.#current().header.appendedAt
  }

  peek (): ConsumedRecord {
    const { key, header, bytes } = this.#current()
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

  #current (): OpenSegment {
    const open = this.#segment
    if (open !== undefined && this.#offset >= open.key && this.#offset < open.key + open.header.count) return open
    const key = segmentKeyOf(this.#topic, this.#offset)
    const bytes = key === undefined ? undefined : this.#topic.segments.getBinary(key)
    if (key === undefined || bytes === undefined) throw this.#missing()
    const header = readHeader(bytes)
    // trimmed before we came: nobody had asked for it to stay
    if (this.#offset < key) this.#offset = key
    if (this.#offset >= key + header.count) throw this.#missing()
    this.#segment = { key, header, bytes }
    return this.#segment
  }

  #missing (): Error {
    return new Error(`expected a record at offset ${this.#offset} of topic ${this.#topic.name} before ${this.#topic.end.offset}, found none`)
  }
}
