import type { Fields } from './field.ts'

/** The ClickHouse table in `landing` that a record is loaded into. */
export interface Table {
  readonly orderBy: readonly string[]
  readonly partitionBy?: string
  /** Which rows are removed, and when. */
  readonly ttl?: string
  /** Of equal sorting keys the row with the greatest value stays: a column, of the record or of `materialized`. */
  readonly version: string
  /** Columns that ClickHouse computes on insert. */
  readonly materialized?: Readonly<Record<string, { readonly type: string, readonly expression: string, readonly meaning: string }>>
}

/** An Avro record, its log topic's content and its table: defined once. */
export interface RecordDefinition<F extends Fields = Fields> {
  readonly name: string
  /** What a record is: the Avro `doc` and the table's `COMMENT`. */
  readonly meaning: string
  readonly fields: F
  readonly table: Table
}

export function defineRecord<const Name extends string, F extends Fields> (definition: RecordDefinition<F> & { readonly name: Name }): RecordDefinition<F> & { readonly name: Name } {
  return definition
}
