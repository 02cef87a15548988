import type { ConsumedRecord, ConsumeOptions } from './log-consumer.ts'
import type { RecordReader } from './record-reader.ts'

export type BatchLimits = Pick<ConsumeOptions, 'maxRecords' | 'maxBytes' | 'maxWaitMs'>

/** Reading may copy; after this many bytes the event loop gets a turn. */
const bytesPerTurn = 1024 * 1024

/** Accumulates the records of one partition into batches. */
export class BatchAccumulator {
  readonly #reader: RecordReader
  readonly #limits: BatchLimits
  readonly #signal: AbortSignal

  constructor (reader: RecordReader, limits: BatchLimits, signal: AbortSignal) {
    this.#reader = reader
    this.#limits = limits
    this.#signal = signal
  }

  /** The next batch, as soon as one of the limits is reached; undefined once the signal is aborted. */
  async next (): Promise<readonly ConsumedRecord[] | undefined> {
    const records: ConsumedRecord[] = []
    let bytes = 0
    let turnBytes = 0
    let deadline = Infinity
    while (!this.#signal.aborted) {
      if (!this.#reader.ready) {
        if (performance.now() >= deadline) return records
        await this.#more(deadline)
        continue
      }
      if (records.length === 0) deadline = this.#deadline()
      const record = this.#reader.peek()
      if (records.length > 0 && bytes + record.value.length > this.#limits.maxBytes) return records
      records.push(record)
      this.#reader.advance()
      bytes += record.value.length
      turnBytes += record.value.length
      if (records.length >= this.#limits.maxRecords || bytes >= this.#limits.maxBytes) return records
      if (turnBytes >= bytesPerTurn) {
        turnBytes = 0
        await new Promise(resolve => setImmediate(resolve))
      }
    }
    return undefined
  }

  /**
   * On the monotonic clock. The wait counts from the record's arrival, so that records queued behind a slow handler are delivered at once.
   * The wait is clamped to 0…maxWaitMs, because a stored time may come from a clock that was set since.
   */
  #deadline (): number {
    const { maxWaitMs } = this.#limits
    const { waitedMs } = this.#reader
    // a comparison, as Math.max would pass NaN on
    return performance.now() + maxWaitMs - (waitedMs > 0 ? Math.min(waitedMs, maxWaitMs) : 0)
  }

  /** Resolves when there may be more to read, at the deadline, or when the signal is aborted. */
  #more (deadline: number): Promise<void> {
    return new Promise(resolve => {
      let timer: NodeJS.Timeout | undefined
      const done = () => {
        clearTimeout(timer)
        stopListening()
        this.#signal.removeEventListener('abort', done)
        resolve()
      }
      if (deadline !== Infinity) timer = setTimeout(done, Math.max(0, deadline - performance.now()))
      const stopListening = this.#reader.onMore(done)
      this.#signal.addEventListener('abort', done)
    })
  }
}
