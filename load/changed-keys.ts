import type { ChangeKind } from '../schemas/changes.ts'
import { records, type RecordName } from '../schemas/records.ts'

/** Some columns of a row of an event. */
export type Row = Readonly<Record<string, unknown>> & { readonly business: string }

/** What a row changes of one kind. */
export interface ChangedKeys {
  readonly kind: ChangeKind
  /** The columns of a record that it is read from; none where the record changes nothing of that kind. */
  readonly columns: (record: RecordName) => readonly string[]
  /** Lists of keys, each of which belong together. */
  readonly keysOf: (record: RecordName, row: Row) => ReadonlyArray<readonly string[]>
  /** Names what keys are tied to each other by, where only the first time that it is seen changes anything. */
  readonly tieOf?: (row: Row, keys: readonly string[]) => string
}

/** Columns that name people, each one person. */
const personColumns = ['identifiers', 'referrer_identifiers', 'friend_identifiers']

function recordKeys (kind: ChangeKind, of: RecordName): ChangedKeys {
  return { kind, columns: (record) => record === of ? ['record_key'] : [], keysOf: (_record, row) => [[String(row['record_key'])]] }
}

export const changedKeys: readonly ChangedKeys[] = [
  {
    kind: 'identifiers',
    columns: (record) => personColumns.filter((column) => column in records[record].fields),
    // one by itself ties nothing
    keysOf: (_record, row) => personColumns.flatMap((column) => isTie(row[column]) ? [row[column]] : []),
    tieOf: (_row, keys) => keys.join(' ')
  },
  recordKeys('coins', 'coin_transactions'),
  recordKeys('orders', 'orders'),
  recordKeys('referrals', 'referrals'),
  {
    kind: 'activities',
    columns: (record) => record === 'activities' ? ['ts'] : [],
    keysOf: (_record, row) => row['ts'] === 0 ? [] : [[dayOfTs(Number(row['ts']))]]
  },
  {
    kind: 'devices',
    columns: (record) => record === 'activities' ? ['guid', 'identity_email_hash'] : [],
    keysOf: (_record, row) => typeof row['guid'] === 'string' && typeof row['identity_email_hash'] === 'string' ? [[row['guid']]] : [],
    tieOf: (row, keys) => `${keys.join()} ${String(row['identity_email_hash'])}`
  }
]

function isTie (identifiers: unknown): identifiers is readonly string[] {
  return Array.isArray(identifiers) && identifiers.length > 1
}

/** The day of `yyMMddHHmmss`. */
function dayOfTs (ts: number): string {
  const digits = String(ts).padStart(12, '0')
  return `20${digits.slice(0, 2)}-${digits.slice(2, 4)}-${digits.slice(4, 6)}`
}
