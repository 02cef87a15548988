import type { ConsumedRecord } from '../log-consumer.ts'
import type { RecordReader } from '../record-reader.ts'
import { spanOf } from './batch-span.ts'
import { readHeader, readRecord, type BatchHeader } from './record-batch.ts'
import { batchKeyOf, type TopicState } from './topic-state.ts'

interface OpenBatch {
  readonly key: number
  readonly header: BatchHeader
  /** A copy: records are views of it, and stay valid for as long as they are kept. */
  readonly bytes: Buffer
}

/** A record batch with a wrong checksum, skipped from `offset` to `next`. */
export interface PassedOver {
  readonly key: number
  readonly offset: number
  readonly next: number
  readonly bytes: Buffer
}

/** Reads one topic forwards, a record batch at a time. */
export class TopicReader implements RecordReader {
  readonly #topic: TopicState
  readonly #onDamaged: (batch: PassedOver) => void
  #offset: number
  #open: OpenBatch | undefined

  /** `onDamaged` is called before the reader moves past a damaged record batch; if it throws, the reader stays. */
  constructor (topic: TopicState, offset: number, onDamaged: (batch: PassedOver) => void) {
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

  /** Time since the append, which another process or an earlier run may have made: only the wall clock is common to both. */
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

  #required (): OpenBatch {
    const open = this.#current()
    if (open === undefined) throw this.#missing()
    return open
  }

  /** The record batch with the next record; undefined if a damaged one was skipped. */
  #current (): OpenBatch | undefined {
    const open = this.#open
    if (open !== undefined && this.#offset >= open.key && this.#offset < open.key + open.header.count) return open
    const key = batchKeyOf(this.#topic, this.#offset)
    const bytes = key === undefined ? undefined : this.#topic.recordBatches.getBinary(key)
    if (key === undefined || bytes === undefined) throw this.#missing()
    // trimmed before this group existed
    if (this.#offset < key) this.#offset = key
    const header = readHeader(bytes, this.#topic.name, key)
    if (header === undefined) {
      const { next } = spanOf(this.#topic, key)
      this.#onDamaged({ key, offset: this.#offset, next, bytes })
      this.#offset = next
      return undefined
    }
    if (this.#offset >= key + header.count) throw this.#missing()
    this.#open = { key, header, bytes }
    return this.#open
  }

  #missing (): Error {
    return new Error(`expected a record at offset ${this.#offset} of topic ${this.#topic.name} before ${this.#topic.end.offset}, found none`)
  }
}
