import type { DiskSpace } from './disk-space.ts'
import type { PendingBatch } from './pending-batch.ts'
import { readSequence, type Store } from './store.ts'
import { loadTopicState, type TopicState } from './topic-state.ts'
import { applyTransaction, executeTransaction, planTransaction } from './transaction.ts'

/** Room for the record batches of most transactions. */
const arenaBytes = 8 * 1024 * 1024

/** Executes one transaction at a time, and keeps this process's view of the topics in step with the store. */
export class Committer {
  readonly #store: Store
  readonly #topics: readonly TopicState[]
  readonly #disk: DiskSpace
  readonly #arena = Buffer.allocUnsafeSlow(arenaBytes)
  #sequence: number

  constructor (store: Store, topics: readonly TopicState[], disk: DiskSpace) {
    this.#store = store
    this.#topics = topics
    this.#disk = disk
    this.#sequence = readSequence(store)
  }

  /**
   * Resolves when the batch, every unsaved offset and one step of trimming are durable. Calls must not overlap:
   * the transaction reads the arena. True when there is more to trim. Rejects with LOG_DISK_FULL before anything is written.
   */
  async commit (batch: PendingBatch): Promise<boolean> {
    this.#disk.requireRoom(batch.boundBytes)
    const arena = batch.boundBytes <= arenaBytes ? this.#arena : Buffer.allocUnsafeSlow(batch.boundBytes)
    for (;;) {
      const transaction = planTransaction({ sequence: this.#sequence, topics: this.#topics, batch, arena, appendedAt: Date.now() })
      if (await executeTransaction(this.#store, transaction)) {
        this.#sequence = transaction.sequence + 1
        applyTransaction(transaction)
        for (const { topic } of transaction.appends) wakeReaders(topic)
        return transaction.trims.some(trim => trim.more)
      }
      // another process committed first
      this.reload()
    }
  }

  /** Picks up commits of another process. Not during a commit, which does so itself. */
  refresh (): void {
    if (readSequence(this.#store) !== this.#sequence) this.reload()
  }

  reload (): void {
    this.#store.root.resetReadTxn()
    this.#sequence = readSequence(this.#store)
    for (const topic of this.#topics) {
      const end = topic.end.offset
      loadTopicState(this.#store, topic)
      if (topic.end.offset !== end) wakeReaders(topic)
    }
  }
}

function wakeReaders (topic: TopicState): void {
  for (const reader of topic.readers) reader()
}
