import { setTimeout as sleep } from 'node:timers/promises'
import type { BatchHandler, ConsumedRecord, ConsumeOptions, LogBatch } from '../log-consumer.ts'
import { BatchSource } from './batch-source.ts'
import type { CommitQueue } from './commit-queue.ts'
import { positionOf, type TopicState } from './topic-state.ts'

const firstBackoffMs = 100
const lastBackoffMs = 10_000

/** One group reading one topic: one batch at a time, and the group's position moves in `#deliver` and nowhere else. */
export class TopicConsumer {
  readonly #topic: TopicState
  readonly #options: ConsumeOptions
  readonly #handler: BatchHandler
  readonly #queue: CommitQueue
  readonly #closing = new AbortController()
  readonly #ended: Promise<void>

  constructor (topic: TopicState, options: ConsumeOptions, handler: BatchHandler, queue: CommitQueue) {
    this.#topic = topic
    this.#options = options
    this.#handler = handler
    this.#queue = queue
    this.#ended = this.#run()
  }

  /** Resolves when the handler has ended. */
  async close (): Promise<void> {
    this.#closing.abort()
    await this.#ended
  }

  async #run (): Promise<void> {
    const signal = this.#closing.signal
    let position = positionOf(this.#topic, this.#options.group)
    const source = new BatchSource(this.#topic, position, this.#options, signal)
    let failures = 0
    while (!signal.aborted) {
      const moved = await this.#step(source)
      if (moved !== undefined) {
        position = moved
        failures = 0
        // a handler that never waits would keep the event loop to itself
        await new Promise(resolve => setImmediate(resolve))
        continue
      }
      source.rewind(position)
      await pause(backoffMs(failures++), signal)
    }
  }

  /** Delivers one batch and returns the position after it; undefined where the same offset is due again. */
  async #step (source: BatchSource): Promise<number | undefined> {
    let records: readonly ConsumedRecord[] | undefined
    try {
      records = await source.next()
    } catch (error) {
      // no batch could be read: the log itself is at fault
      this.#report(error, this.#batch([], this.#closing.signal))
      return undefined
    }
    return records === undefined ? undefined : await this.#deliver(records)
  }

  async #deliver (records: readonly ConsumedRecord[]): Promise<number | undefined> {
    // a signal a batch: what a handler leaves attached to it goes with it
    const ours = new AbortController()
    const abort = () => { ours.abort() }
    this.#closing.signal.addEventListener('abort', abort)
    const batch = this.#batch(records, ours.signal)
    try {
      await this.#handler(batch)
    } catch (error) {
      this.#report(error, batch)
      return undefined
    } finally {
      this.#closing.signal.removeEventListener('abort', abort)
    }
    const next = (records.at(-1)?.offset ?? 0) + 1
    this.#queue.savePosition(this.#topic, this.#options.group, next)
    return next
  }

  #batch (records: readonly ConsumedRecord[], signal: AbortSignal): LogBatch {
    return { topic: this.#topic.name, partition: 0, records, signal }
  }

  /** What `onError` throws is a bug in it: it surfaces as an uncaught error and stops no delivery. */
  #report (error: unknown, batch: LogBatch): void {
    try {
      this.#options.onError(error, batch)
    } catch (bug) {
      queueMicrotask(() => { throw bug })
    }
  }
}

function backoffMs (failures: number): number {
  const longest = Math.min(lastBackoffMs, firstBackoffMs * 2 ** Math.min(failures, 16))
  // so that topics that failed together do not all come back together
  return longest * (0.75 + Math.random() / 4)
}

async function pause (ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {})
}
