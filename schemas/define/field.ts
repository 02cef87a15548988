import type { AvroDecimal } from '../decimal.ts'

/**
 * The kinds of field, and the value of each in a row:
 *
 * - `text`; `keyword`: a text of few distinct values
 * - `decimal`: money, coins or a number, exact; `amount`: the same, never negative
 * - `integer`, `int`, `long`: whole numbers; `integer` is what a vendor sends, the others are ours
 * - `timestamp`: epoch milliseconds; `date`: days since 1970-01-01
 * - `map`: texts by key; `counts`: numbers by key
 */
export interface Values {
  readonly text: string
  readonly keyword: string
  readonly decimal: AvroDecimal
  readonly amount: AvroDecimal
  readonly integer: number
  readonly int: number
  readonly long: number
  readonly boolean: boolean
  readonly timestamp: number
  readonly date: number
  readonly uuid: string
  readonly uuids: readonly string[]
  readonly texts: readonly string[]
  readonly map: Readonly<Record<string, string>>
  readonly counts: Readonly<Record<string, number>>
  readonly bytes: Buffer
}
export type Kind = keyof Values

/** One field of a record: its only definition. */
export interface Field<K extends Kind = Kind, Nullable extends boolean = boolean, Sent extends boolean = boolean> {
  readonly kind: K
  /** What it means: the Avro `doc` and the ClickHouse `COMMENT`. */
  readonly meaning: string
  /** Personal data: leaves landing only through `contacts`. */
  readonly personal: boolean
  readonly nullable: Nullable
  /** Whether a vendor sends it; else it is computed here. */
  readonly sent: Sent
  /** Path in the payload, `meta.coin_spent`; absent: its own name. */
  readonly path: string | undefined
  /** The migration that adds it, if not the one that creates the table. */
  readonly addedIn: number | undefined
}

export type Fields = Readonly<Record<string, Field>>

/** A field that holds one of a few words. */
export interface Choice<V extends string = string> extends Field<'keyword', false, false> {
  readonly choices: readonly V[]
}

type ValueOf<F> = F extends Choice<infer V> ? V : F extends Field<infer K, infer Nullable> ? true extends Nullable ? Values[K] | null : Values[K] : never

/** The kinds of field that a vendor sends. */
export type SentKind = 'text' | 'keyword' | 'decimal' | 'amount' | 'integer' | 'boolean' | 'timestamp'

type NamesOfSent<F> = { [Name in keyof F]: F[Name] extends Field<Kind, boolean, true> ? Name : never }[keyof F]

/** The part of a row that a vendor sends, null where it is absent. */
export type SentRow<F> = Row<Pick<F, NamesOfSent<F>>>

/** The part of a row that is computed here. */
export type GivenRow<F> = Row<Omit<F, NamesOfSent<F>>>

/** A row of these fields. */
export type Row<F> = { readonly [Name in keyof F]: ValueOf<F[Name]> }

export interface SentOptions {
  readonly path?: string
  readonly personal?: boolean
  readonly addedIn?: number
}

/** A field as a vendor sends it: null where it is absent. */
function sent<K extends SentKind> (kind: K): (meaning: string, options?: SentOptions) => Field<K, true, true> {
  return (meaning, { path, personal = false, addedIn } = {}) => ({ kind, meaning, personal, nullable: true, sent: true, path, addedIn })
}

export const text = sent('text')
export const keyword = sent('keyword')
export const decimal = sent('decimal')
export const amount = sent('amount')
export const integer = sent('integer')
export const boolean = sent('boolean')
export const timestamp = sent('timestamp')

/** A computed field that always has a value. */
export function required<K extends Kind> (kind: K, meaning: string, { personal = false } = {}): Field<K, false, false> {
  return { kind, meaning, personal, nullable: false, sent: false, path: undefined, addedIn: undefined }
}

/** A field that holds one of these words. */
export function choice<V extends string> (choices: readonly V[]): Choice<V> {
  return { ...required('keyword', choices.join(', ').replace(/, ([^,]*)$/, ' or $1')), choices }
}

/** A computed field that may be null. */
export function optional<K extends Kind> (kind: K, meaning: string, { personal = false } = {}): Field<K, true, false> {
  return { kind, meaning, personal, nullable: true, sent: false, path: undefined, addedIn: undefined }
}
