import type { LogRecord } from '../log-writer.ts'
import { boundOfBatches, recordBytes } from './record-batch.ts'
import type { TopicState } from './topic-state.ts'

/** Appends that share one transaction, one flush and one promise. */
export class PendingBatch {
  readonly done: Promise<void>
  readonly records = new Map<TopicState, LogRecord[]>()
  #bytes = 0
  #count = 0
  #resolve: () => void = () => {}
  #reject: (error: unknown) => void = () => {}

  constructor () {
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // each caller handles its own rejection; a batch of offsets alone has no caller
    this.done.catch(() => {})
  }

  /** Estimated bytes that it will add to the backlog. */
  get bytes (): number {
    return this.#bytes
  }

  /** Arena bytes that its record batches need. */
  get boundBytes (): number {
    return boundOfBatches(this.#count, this.#bytes)
  }

  add (topic: TopicState, record: LogRecord): void {
    const records = this.records.get(topic)
    if (records === undefined) this.records.set(topic, [record])
    else records.push(record)
    this.#bytes += recordBytes(record)
    this.#count++
  }

  resolve (): void {
    this.#resolve()
  }

  reject (error: unknown): void {
    this.#reject(error)
  }
}
