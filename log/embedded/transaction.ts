import type { PendingBatch } from './pending-batch.ts'
import { writeBatches, type TopicEnd, type WrittenBatch } from './record-batch.ts'
import { endKey, part, positionKey, putOffset, putSequence, sequenceKey, type Store } from './store.ts'
import type { TopicState } from './topic-state.ts'
import { planTrim, type Trim } from './trim.ts'

interface PlannedAppend {
  readonly topic: TopicState
  readonly recordBatches: readonly WrittenBatch[]
  readonly end: TopicEnd
}

interface PlannedPosition {
  readonly topic: TopicState
  readonly group: string
  readonly offset: number
}

/** One write transaction, planned before it starts and valid for one sequence only. */
export interface Transaction {
  readonly sequence: number
  readonly positions: readonly PlannedPosition[]
  readonly trims: readonly Trim[]
  readonly appends: readonly PlannedAppend[]
}

export interface TransactionOptions {
  readonly sequence: number
  readonly topics: readonly TopicState[]
  readonly batch: PendingBatch
  /** Holds the record batches; must not be touched until the transaction has resolved. */
  readonly arena: Buffer
  /** Epoch milliseconds. */
  readonly appendedAt: number
}

export function planTransaction ({ sequence, topics, batch, arena, appendedAt }: TransactionOptions): Transaction {
  const positions: PlannedPosition[] = []
  const trims: Trim[] = []
  for (const topic of topics) {
    for (const group of topic.unsaved) positions.push({ topic, group, offset: topic.positions.get(group) ?? 0 })
    // every offset is in the store or in this transaction, so nothing is trimmed that could be read again
    const trim = planTrim(topic)
    if (trim !== undefined) trims.push(trim)
  }
  const appends: PlannedAppend[] = []
  let at = 0
  for (const [topic, records] of batch.records) {
    const written = writeBatches(records, { arena, at, topic: topic.name, end: topic.end, appendedAt })
    at = written.at
    appends.push({ topic, recordBatches: written.recordBatches, end: written.end })
  }
  return { sequence, positions, trims, appends }
}

/**
 * Resolves true when durable, false when another process has committed since it was planned and nothing was done.
 * LMDB executes it on a thread of its own, all or nothing.
 */
export function executeTransaction (store: Store, { sequence, positions, trims, appends }: Transaction): Promise<boolean> {
  return store.state.ifVersion(sequenceKey, sequence, () => {
    for (const { topic, group, offset } of positions) part(putOffset(store, positionKey(topic.name, group), offset))
    for (const { topic, keys } of trims) {
      for (const key of keys) part(topic.recordBatches.remove(key))
    }
    for (const { topic, recordBatches, end } of appends) {
      for (const { offset, value } of recordBatches) part(topic.recordBatches.put(offset, value))
      part(putOffset(store, endKey(topic.name), end.offset))
    }
    putSequence(store, sequence + 1)
  })
}

/** Applies what the transaction made durable to this process's view. */
export function applyTransaction ({ positions, trims, appends }: Transaction): void {
  for (const { topic, group, offset } of positions) {
    // the handler may have acknowledged more meanwhile
    if (topic.positions.get(group) === offset) topic.unsaved.delete(group)
  }
  for (const { topic, first } of trims) topic.first = first
  for (const { topic, end } of appends) topic.end = end
}
