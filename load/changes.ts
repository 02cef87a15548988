import { hash } from 'node:crypto'
import type { Change } from '../schemas/changes.ts'
import { codecs } from '../schemas/codecs.ts'
import { records, type EventRecord, type RecordName } from '../schemas/records.ts'
import { uuidOfHash } from '../schemas/uuid.ts'
import type { Run } from './loadable.ts'
import { recentTexts } from './recent-texts.ts'

/** The lists of a record that name people, each list one person. */
const personLists: Readonly<Partial<Record<EventRecord, readonly string[]>>> = { referrals: ['referrer_identifiers', 'friend_identifiers'] }

/** Sets of identifiers that were told before, at most: customers come back within minutes. */
const mostRemembered = 100_000

export interface Changes {
  readonly changes: readonly Change[]
  /** To be called once they are durably told: what is told once need not be told again. */
  readonly told: () => void
}

/** Reads from the rows of an insert what they change. `token` names the insert. */
export type ReadChanges = (run: Run, token: string, arrivedAt: number) => Changes

const nothing: Changes = { changes: [], told: () => {} }

/** Undefined for a table that no figure follows from. */
export function changesOf (record: RecordName): ReadChanges | undefined {
  const columns = personColumns(record)
  if (columns.length === 0) return undefined
  const select = codecs[record].select(['business', ...columns])
  const recent = recentTexts(mostRemembered)

  return ({ schema, loadables }, token, arrivedAt) => {
    const byBusiness = new Map<string, Set<string>>()
    const sets = new Set<string>()
    for (const { payload } of loadables) {
      // every event record has a business, and these columns hold texts
      const row = select(payload, schema.fingerprint) as Readonly<Record<string, readonly string[]>> & { readonly business: string }
      for (const column of columns) {
        const identifiers = row[column] ?? []
        // one by itself ties nothing
        if (identifiers.length < 2) continue
        const set = `${row.business} ${identifiers.join(' ')}`
        if (sets.has(set) || recent.has(set)) continue
        sets.add(set)
        const keys = byBusiness.get(row.business) ?? new Set()
        byBusiness.set(row.business, keys)
        for (const identifier of identifiers) keys.add(identifier)
      }
    }
    if (sets.size === 0) return nothing
    return {
      changes: [...byBusiness].map(([business, keys]): Change => ({
        change_id: uuidOfHash(hash('sha256', `${token} ${business} identifiers`)),
        business, kind: 'identifiers', keys: [...keys], arrived_at: arrivedAt, state: 0
      })),
      told: () => { for (const set of sets) recent.add(set) }
    }
  }
}

function personColumns (record: RecordName): readonly string[] {
  return personLists[record as EventRecord] ?? ('identifiers' in records[record].fields ? ['identifiers'] : [])
}
