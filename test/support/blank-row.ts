import type { Field, Kind } from '../../schemas/define/field.ts'
import { records, type RecordName, type RowOf } from '../../schemas/records.ts'

const blanks: Readonly<Record<Kind, unknown>> = {
  text: '', keyword: '', decimal: Buffer.from([0]), amount: Buffer.from([0]), integer: 0, int: 0, long: 0, boolean: false, timestamp: 0, date: 0,
  uuid: '00000000-0000-8000-8000-000000000000', uuids: [], texts: [], map: {}, counts: {}, bytes: Buffer.alloc(0)
}

/** A row of a record with nothing in it: null, or what comes nearest to that. */
export function blankRow<R extends RecordName> (record: R): RowOf<R> {
  return Object.fromEntries(Object.entries<Field>(records[record].fields).map(([name, { kind, nullable }]) => [name, nullable ? null : blanks[kind]])) as RowOf<R>
}
