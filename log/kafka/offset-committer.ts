import { setTimeout as sleep } from 'node:timers/promises'
import { pause } from '../../runtime/pause.ts'
import type { GroupConsumer } from './group-consumer.ts'
import { keyOf } from './topic-partition.ts'
import { backoffMs } from '../../runtime/backoff.ts'

const backoff = { firstMs: 500, longestMs: 10_000 } as const
/** Commit attempts during close. A lost commit costs a repetition, never a record. */
const lastTries = 5

export interface OffsetCommitterOptions {
  readonly consumer: Pick<GroupConsumer, 'commitOffsets'>
  readonly onError: (error: unknown) => void
}

/** The only file that moves a group's offsets: one commit at a time, of everything acknowledged meanwhile. */
export class OffsetCommitter {
  readonly #options: OffsetCommitterOptions
  readonly #next = new Map<string, { readonly topic: string, readonly partition: number, readonly offset: string }>()
  #committing: Promise<void> | undefined
  #closing = false
  /** Ends a pause that began before the close. */
  readonly #hurry = new AbortController()

  constructor (options: OffsetCommitterOptions) {
    this.#options = options
  }

  /** Everything before the offset is acknowledged. `topic` is the name in Kafka. */
  acknowledged (topic: string, partition: number, offset: number): void {
    this.#next.set(keyOf(topic, partition), { topic, partition, offset: String(offset) })
    this.#committing ??= this.#commit()
  }

  /** Another consumer owns the partition, `topic:partition`, now: its offset is no longer ours to move. */
  forget (key: string): void {
    this.#next.delete(key)
  }

  /** Resolves when every acknowledged offset is committed, or attempts are exhausted. */
  async close (): Promise<void> {
    this.#closing = true
    this.#hurry.abort()
    await this.#committing
  }

  async #commit (): Promise<void> {
    // acknowledgements of the same event-loop turn go together
    await new Promise((resolve) => setImmediate(resolve))
    let lateFailures = 0
    for (let failures = 0; this.#next.size > 0;) {
      const batch = [...this.#next]
      try {
        await this.#options.consumer.commitOffsets(batch.map(([, position]) => position))
        failures = 0
        for (const [key, position] of batch) if (this.#next.get(key) === position) this.#next.delete(key)
      } catch (error) {
        this.#options.onError(error)
        if (this.#closing && ++lateFailures >= lastTries) break
        if (this.#closing) await sleep(backoff.firstMs)
        else await pause(backoffMs(backoff, ++failures), this.#hurry.signal)
      }
    }
    this.#committing = undefined
  }
}
