import { type Field, type Fields, type Kind, type SentKind, type SentRow } from '../schemas/define/field.ts'
import { keep, type TextMap } from './extra.ts'
import { fieldReaders, isRounded, preview } from './fields.ts'
import { isPlainObject } from './json/json-text.ts'

export type Payload = Readonly<Record<string, unknown>>

/** The fields of a payload, and by path everything without a field. */
export interface Reading<F extends Fields> {
  readonly row: SentRow<F>
  readonly extra: TextMap
  /** Values that do not fit their field: null in the row, as sent in `extra`. */
  readonly unreadable: readonly Unreadable[]
}

export interface Unreadable {
  readonly path: string
  /** With what was expected and what was got. */
  readonly reason: string
}

const allReadable: readonly Unreadable[] = []

/** Reads the fields of a record that a vendor sends. */
export type ReadPayload<F extends Fields> = (payload: Payload) => Reading<F>

export interface PayloadReaderOptions {
  /** Paths that the caller reads itself: not kept in `extra`. */
  readonly elsewhere?: readonly string[]
  /** All columns of the complete row, if there are more than the fields read. */
  readonly columns?: Fields
}

interface Slot {
  readonly name: string
  readonly path: string
  readonly kind: SentKind
}

/**
 * Compiles the reader of a record's fields. A path of two parts, `meta.coin_spent`, is read from the object within the payload.
 */
export function payloadReader<F extends Fields> (fields: F, { elsewhere = [], columns = fields }: PayloadReaderOptions = {}): ReadPayload<F> {
  const slots = Object.entries(fields).filter(isSent).map(([name, { kind, path = name }]): Slot => ({ name, path, kind }))
  const top = slots.filter(({ path }) => !path.includes('.'))
  const nested = slots.filter(({ path }) => path.includes('.')).map((slot) => ({ ...slot, ...split(slot.path) }))
  const paths = [...slots.map(({ path }) => path), ...elsewhere]
  const topNames = new Set(paths.filter((path) => !path.includes('.')))
  const parents = [...new Set(paths.filter((path) => path.includes('.')).map((path) => split(path).parent))]
    .map((parent) => ({ parent, names: new Set(paths.filter((path) => path.startsWith(`${parent}.`)).map((path) => split(path).key)) }))
  const parentNames = new Set(parents.map(({ parent }) => parent))

  const blank = blankOf(Object.keys(columns))

  return (payload) => {
    const row: Record<string, unknown> = { ...blank }
    let unreadable: Unreadable[] | undefined
    const extra: TextMap = {}
    const take = ({ name, path, kind }: Slot, value: unknown): void => {
      const { read, expected } = fieldReaders[kind]
      const taken = read(value)
      if (taken === undefined) {
        (unreadable ??= []).push({ path, reason: `${path}: expected ${expected(value)}, got ${preview(value)}` })
        keep(extra, path, value)
        return
      }
      row[name] = taken
      if ((kind === 'decimal' || kind === 'amount') && isRounded(value)) keep(extra, path, value)
    }
    for (const slot of top) take(slot, payload[slot.path])
    for (const slot of nested) {
      const parent = payload[slot.parent]
      take(slot, isPlainObject(parent) ? parent[slot.key] : undefined)
    }
    for (const key in payload) {
      if (topNames.has(key) || (parentNames.has(key) && isPlainObject(payload[key]))) continue
      keep(extra, key, payload[key])
    }
    for (const { parent, names } of parents) {
      const part = payload[parent]
      if (!isPlainObject(part)) continue
      for (const key in part) if (!names.has(key)) keep(extra, `${parent}.${key}`, part[key])
    }
    // the slots are those of F that are sent, each read by the reader of its kind
    return { row: row as SentRow<F>, extra, unreadable: unreadable ?? allReadable }
  }
}

/**
 * An object with these keys, to be copied and filled. V8 handles such copies many times faster than objects that grow by as many keys, which
 * become hash tables; each key has held numbers and texts, so either fits without a change of hidden class.
 */
function blankOf (names: readonly string[]): Readonly<Record<string, unknown>> {
  const blank = JSON.parse(JSON.stringify(Object.fromEntries(names.map((name) => [name, null])))) as Record<string, unknown>
  for (const value of [0, 0.5, '', null]) for (const name of names) blank[name] = value
  return blank
}

function isSent (entry: [string, Field]): entry is [string, Field<SentKind, boolean, true>] {
  return entry[1].sent && isSentKind(entry[1].kind)
}

function isSentKind (kind: Kind): kind is SentKind {
  return kind in fieldReaders
}

function split (path: string): { readonly parent: string, readonly key: string } {
  const point = path.indexOf('.')
  return { parent: path.slice(0, point), key: path.slice(point + 1) }
}
