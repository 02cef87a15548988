import type { BatchHandler } from '../log/log-consumer.ts'
import { codecs } from '../schemas/codecs.ts'
import type { ChangeLedger } from '../warehouse/change-ledger.ts'
import type { IdentityStore } from '../warehouse/identity-store.ts'
import { resolveIdentities } from './identity-closure.ts'

export interface FiguresStageOptions {
  readonly identities: IdentityStore
  readonly ledger: ChangeLedger
}

/** Handles batches of changes: 1. works out what follows from them, 2. notes that it is done, and resolves only when both are durable. */
export function createFiguresStage ({ identities, ledger }: FiguresStageOptions): BatchHandler {
  return async ({ records, signal }) => {
    const changes = records.map(({ value }) => codecs.changes.decode(value))
    const keysOf = new Map<string, Set<string>>()
    for (const { business, keys } of changes) {
      const all = keysOf.get(business) ?? new Set()
      keysOf.set(business, all)
      for (const key of keys) all.add(key)
    }
    for (const [business, keys] of keysOf) {
      signal.throwIfAborted()
      await resolveIdentities(identities, business, [...keys])
    }
    await ledger.workedOut(changes)
  }
}
