import { noPositions, type RecordPositions } from '../config/record-positions.ts'
import type { BatchHandler } from '../log/log-consumer.ts'
import type { ChangeKind } from '../schemas/changes.ts'
import { codecs } from '../schemas/codecs.ts'
import type { ChangeLedger } from '../warehouse/change-ledger.ts'
import { workOut, type FigureWarehouse } from './work-out.ts'

export interface FiguresStageOptions {
  readonly warehouse: FigureWarehouse
  readonly ledger: ChangeLedger
  /** Resolves when the next batch may begin, given what the last one took in milliseconds. */
  readonly rest?: (tookMs: number, signal: AbortSignal) => Promise<void>
  /** Records that are stepped over: what they change waits until `figures rebuild`. */
  readonly skip?: RecordPositions
}

/**
 * Handles batches of changes: 1. works out what follows from them, 2. notes that it is done. Resolves only when both are durable, and after a rest:
 * what comes meanwhile is worked out together.
 */
export function createFiguresStage ({ warehouse, ledger, rest, skip = noPositions }: FiguresStageOptions): BatchHandler {
  return async ({ topic, partition, records, signal }) => {
    const startedAt = performance.now()
    const changes = records.filter(({ offset }) => !skip.has(topic, partition, offset)).map(({ value }) => codecs.changes.decode(value))
    const businesses = new Map<string, Map<ChangeKind, Set<string>>>()
    for (const { business, kind, keys } of changes) {
      const kinds = businesses.get(business) ?? new Map<ChangeKind, Set<string>>()
      businesses.set(business, kinds)
      const all = kinds.get(kind) ?? new Set()
      kinds.set(kind, all)
      for (const key of keys) all.add(key)
    }
    for (const [business, changed] of businesses) await workOut(warehouse, business, changed, signal)
    if (changes.length > 0) await ledger.workedOut(changes)
    await rest?.(performance.now() - startedAt, signal)
  }
}
