import { z } from 'zod'
import { decimalFromText, decimalScale, type AvroDecimal } from '../schemas/decimal.ts'

/**
 * One parser a kind of field. Both vendors send numbers as texts and texts as numbers, and `''` or null for what is absent:
 * all give null. What does not fit is an issue that says what was expected and what was got.
 */
type Read<T> = (value: string) => T | undefined

const day = 24 * 3_600_000
/** ClickHouse's Date, which `day` is, ends on 2149-06-06. */
const latestInstant = 65_535 * day

/**
 * A zod type of our own whose whole parse is one function. The same with `z.unknown().transform()` is a chain of three types, and took
 * a fifth of the time of an event.
 */
interface FieldType<T> extends z.core.$ZodType<T | null, unknown> {
  _zod: z.core.$ZodTypeInternals<T | null, unknown> & { def: FieldDefinition<T> }
}

interface FieldDefinition<T> extends z.core.$ZodTypeDef {
  readonly type: 'custom'
  /** Undefined where the value does not fit. */
  readonly read: (value: unknown) => T | null | undefined
  readonly expected: string
}

const Field: z.core.$constructor<FieldType<unknown>, FieldDefinition<unknown>> = z.core.$constructor('Field', (inst, def) => {
  z.core.$ZodType.init(inst, def)
  // An absent key is an absent value.
  inst._zod.optin = 'optional'
  inst._zod.parse = (payload) => {
    const result = def.read(payload.value)
    if (result === undefined) payload.issues.push({ code: 'custom', message: `expected ${def.expected}, got ${preview(payload.value)}`, input: payload.value })
    else payload.value = result
    return payload
  }
})

function field<T> (expected: string, read: (value: unknown) => T | null | undefined): z.core.$ZodType<T | null, unknown> {
  return new Field({ type: 'custom', expected, read }) as FieldType<T>
}

/** A field that is read from a text or a number. */
function scalar<T> (expected: string, read: Read<T>): z.core.$ZodType<T | null, unknown> {
  return field(expected, (value) => isAbsent(value) ? null : typeof value === 'object' ? undefined : read(toText(value)))
}

export const text = field<string>('a text', readText)
export const decimal = scalar<AvroDecimal>('a decimal number with at most 28 digits before the point', (value) => decimalFromText(value.trim())?.value)
export const amount = scalar<AvroDecimal>('a decimal number that is not negative', (value) => value.trim().startsWith('-') ? undefined : decimalFromText(value.trim())?.value)
export const integer = scalar<number>('an integer', (value) => /^[+-]?\d{1,15}$/.test(value.trim()) ? Number(value) : undefined)
export const boolean = scalar<boolean>('true or false', (value) => booleans.get(value.trim().toLowerCase()))
export const timestamp = scalar<number>('a time in ISO 8601 or as Unix time, from 1970 to 2149', instantFromText)

export type Shape = Record<string, z.core.$ZodType<string | AvroDecimal | number | boolean | null, unknown>>

const booleans = new Map<string, boolean>([['true', true], ['1', true], ['yes', true], ['false', false], ['0', false], ['no', false]])
const iso = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/

/** Unix time of 9 or 10 digits is in seconds, of 13 in milliseconds; ISO 8601 without an offset is UTC. */
export function instantFromText (value: string): number | undefined {
  const given = value.trim()
  const instant = /^\d{9,10}$/.test(given) ? Number(given) * 1000 : /^\d{13}$/.test(given) ? Number(given) : instantFromIso(given)
  return instant !== undefined && instant >= 0 && instant < latestInstant ? instant : undefined
}

function instantFromIso (value: string): number | undefined {
  const match = iso.exec(value)
  if (match === null) return undefined
  const instant = Date.parse(match[1] === undefined && value.length > 10 ? `${value.replace(' ', 'T')}Z` : value.replace(' ', 'T'))
  // Date.parse turns 30 February into 1 March
  return Number.isNaN(instant) || !sameDayOfMonth(value) ? undefined : instant
}

function sameDayOfMonth (value: string): boolean {
  const [year = 0, month = 0, dayOfMonth = 0] = value.slice(0, 10).split('-').map(Number)
  return dayOfMonth <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** Any value as a text; null where it is absent. */
export function readText (value: unknown): string | null {
  return isAbsent(value) ? null : toText(value)
}

export function isAbsent (value: unknown): value is undefined | null | '' {
  return value === undefined || value === null || value === ''
}

/** A lone surrogate, which JSON can escape but UTF-8 cannot hold, becomes U+FFFD. */
export function toText (value: unknown): string {
  return typeof value === 'string' ? value.toWellFormed() : typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

/** Tells whether a decimal of this value had to be rounded: then the value itself is kept in `extra`. */
export function isRounded (value: unknown): boolean {
  if (typeof value !== 'number' && typeof value !== 'string') return false
  if (Number.isInteger(value)) return false
  const given = String(value)
  const point = given.indexOf('.')
  if (/[eE]/.test(given)) return decimalFromText(given.trim())?.rounded === true
  return point !== -1 && given.length - point - 1 > decimalScale && decimalFromText(given.trim())?.rounded === true
}

/** What was got, short enough for a reason and without a payload in it. */
export function preview (value: unknown): string {
  const shown = typeof value === 'object' ? (Array.isArray(value) ? 'an array' : 'an object') : JSON.stringify(value)
  return shown.length > 60 ? `${shown.slice(0, 57)}…` : shown
}
