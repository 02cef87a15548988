import type { ConsumedRecord } from '../log-consumer.ts'
import type { RecordReader } from '../record-reader.ts'

/** The records of one partition that were fetched and not yet acknowledged, in offset order. */
export class FetchedRecords implements RecordReader {
  readonly #records: ConsumedRecord[] = []
  readonly #listeners = new Set<() => void>()
  /** Index of the next record to read. */
  #at = 0
  #bytes = 0
  /** On the monotonic clock. */
  #fetchedAt = 0

  get ready (): boolean {
    return this.#at < this.#records.length
  }

  /** Bytes of all held records, read or not. */
  get bytes (): number {
    return this.#bytes
  }

  /** Arrival of the oldest webhook among them, in epoch milliseconds; undefined when empty. */
  get oldestTimestamp (): number | undefined {
    return this.#records[0]?.timestamp
  }

  /** The latest fetch is precise enough: records that wait longer wait behind a batch, and follow it at once. */
  get waitedMs (): number {
    return performance.now() - this.#fetchedAt
  }

  push (records: readonly ConsumedRecord[]): void {
    if (!this.ready) this.#fetchedAt = performance.now()
    for (const record of records) {
      this.#records.push(record)
      this.#bytes += sizeOf(record)
    }
    for (const callback of [...this.#listeners]) callback()
  }

  peek (): ConsumedRecord {
    const record = this.#records[this.#at]
    if (record === undefined) throw new Error('expected a record to read, got none')
    return record
  }

  advance (): void {
    this.#at++
  }

  rewind (offset: number): void {
    this.#at = this.#indexOf(offset)
  }

  /** Releases records before an offset. */
  drop (offset: number): void {
    const gone = this.#records.splice(0, this.#indexOf(offset))
    this.#at -= gone.length
    for (const record of gone) this.#bytes -= sizeOf(record)
  }

  onMore (callback: () => void): () => void {
    this.#listeners.add(callback)
    return () => { this.#listeners.delete(callback) }
  }

  #indexOf (offset: number): number {
    const index = this.#records.findIndex((record) => record.offset >= offset)
    return index === -1 ? this.#records.length : index
  }
}

/** Includes the overhead of the object, so that many small records count. */
function sizeOf ({ value }: ConsumedRecord): number {
  return value.length + 100
}
