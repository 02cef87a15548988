import { pause } from '../runtime/pause.ts'
import { BatchAccumulator } from './batch-accumulator.ts'
import type { BatchHandler, ConsumedRecord, ConsumeOptions, LogBatch } from './log-consumer.ts'
import type { RecordReader } from './record-reader.ts'
import { backoffMs } from '../runtime/backoff.ts'

const backoff = { firstMs: 100, longestMs: 10_000 } as const

export interface PartitionDeliveryOptions {
  readonly topic: string
  readonly partition: number
  readonly reader: RecordReader
  /** The offset at which the reader starts. */
  readonly position: number
  readonly options: ConsumeOptions
  readonly handler: BatchHandler
  /** Called with the next offset after each acknowledged batch. */
  readonly acknowledge: (next: number) => void
}

/** One group reading one partition: one batch at a time. Its offset moves in `#deliver` and nowhere else. */
export class PartitionDelivery {
  readonly #options: PartitionDeliveryOptions
  readonly #closing = new AbortController()
  readonly #ended: Promise<void>

  constructor (options: PartitionDeliveryOptions) {
    this.#options = options
    this.#ended = this.#run()
  }

  /** Aborts the running batch. Resolves when its handler has ended; an acknowledgement until then still counts. */
  async close (): Promise<void> {
    this.#closing.abort()
    await this.#ended
  }

  async #run (): Promise<void> {
    const { reader, options } = this.#options
    const signal = this.#closing.signal
    let position = this.#options.position
    const source = new BatchAccumulator(reader, options, signal)
    let failures = 0
    while (!signal.aborted) {
      const moved = await this.#step(source)
      if (moved !== undefined) {
        position = moved
        failures = 0
        // a synchronous handler must not monopolise the event loop
        await new Promise(resolve => setImmediate(resolve))
        continue
      }
      reader.rewind(position)
      await pause(backoffMs(backoff, ++failures), signal)
    }
  }

  /** Delivers one batch and returns the next offset; undefined if the same offset must be delivered again. */
  async #step (source: BatchAccumulator): Promise<number | undefined> {
    let records: readonly ConsumedRecord[] | undefined
    try {
      records = await source.next()
    } catch (error) {
      // the log itself could not be read
      this.#report(error, this.#batch([], this.#closing.signal))
      return undefined
    }
    return records === undefined ? undefined : await this.#deliver(records)
  }

  async #deliver (records: readonly ConsumedRecord[]): Promise<number | undefined> {
    // one signal per batch: listeners that a handler leaves on it are collected with it
    const ours = new AbortController()
    const abort = () => { ours.abort() }
    this.#closing.signal.addEventListener('abort', abort)
    const batch = this.#batch(records, ours.signal)
    try {
      await this.#options.handler(batch)
    } catch (error) {
      this.#report(error, batch)
      return undefined
    } finally {
      this.#closing.signal.removeEventListener('abort', abort)
    }
    const next = (records.at(-1)?.offset ?? 0) + 1
    this.#options.acknowledge(next)
    return next
  }

  #batch (records: readonly ConsumedRecord[], signal: AbortSignal): LogBatch {
    const { topic, partition } = this.#options
    return { topic, partition, records, signal }
  }

  /** An exception of `onError` is a bug: it surfaces as an uncaught error and stops no delivery. */
  #report (error: unknown, batch: LogBatch): void {
    try {
      this.#options.options.onError(error, batch)
    } catch (bug) {
      queueMicrotask(() => { throw bug })
    }
  }
}
