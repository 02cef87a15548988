import { hash } from 'node:crypto'
import type { Change, ChangeKind } from '../schemas/changes.ts'
import { codecs } from '../schemas/codecs.ts'
import { records, type RecordName } from '../schemas/records.ts'
import { uuidOfHash } from '../schemas/uuid.ts'
import { changedKeys, type Row } from './changed-keys.ts'
import type { Run } from './loadable.ts'
import { recentTexts } from './recent-texts.ts'

/** What ties identifiers to each other is told once, while it is among so many: customers come back within minutes. */
const mostRemembered = 100_000

export interface Changes {
  readonly changes: readonly Change[]
  /** To be called once they are durably told: what is told once need not be told again. */
  readonly told: () => void
}

/** Reads from the rows of an insert what they change. `token` names the insert; `arrivedAt` is epoch milliseconds. */
export type ReadChanges = (run: Run, token: string, arrivedAt: number) => Changes

/** Undefined for a table that no figure follows from. */
export function changesOf (record: RecordName): ReadChanges | undefined {
  const fields = records[record].fields
  const kinds = changedKeys.filter(({ columns }) => columns(record).length > 0)
  if (kinds.length === 0) return undefined
  const wanted = new Set(['business', ...kinds.flatMap(({ columns }) => columns(record))])
  const select = codecs[record].select(Object.keys(fields).filter((name) => wanted.has(name)))
  const recent = recentTexts(mostRemembered)
  /** Undefined for what is no Avro record: ClickHouse refuses it as well, and it becomes a dead letter. */
  const readRow = (payload: Buffer, fingerprint: string): Row | undefined => {
    try {
      return select(payload, fingerprint) as Row
    } catch {
      return undefined
    }
  }

  return ({ schema, loadables }, token, arrivedAt) => {
    const found = new Map<string, { readonly business: string, readonly kind: ChangeKind, readonly keys: Set<string> }>()
    const ties = new Set<string>()
    for (const { payload } of loadables) {
      const row = readRow(payload, schema.fingerprint)
      if (row === undefined) continue
      for (const { kind, keysOf, tieOf } of kinds) {
        for (const keys of keysOf(record, row)) {
          const tie = tieOf?.(row, keys)
          if (tie !== undefined) {
            const name = `${kind} ${row.business} ${tie}`
            if (ties.has(name) || recent.has(name)) continue
            ties.add(name)
          }
          const name = `${kind} ${row.business}`
          const change = found.get(name) ?? { business: row.business, kind, keys: new Set() }
          found.set(name, change)
          for (const key of keys) change.keys.add(key)
        }
      }
    }
    return {
      changes: [...found.values()].map(({ business, kind, keys }): Change =>
        ({ change_id: uuidOfHash(hash('sha256', `${token} ${business} ${kind}`)), business, kind, keys: [...keys], arrived_at: arrivedAt, state: 0 })),
      told: () => { for (const tie of ties) recent.add(tie) }
    }
  }
}
