import { decimalFromPlainText, decimalFromText, decimalScale, type AvroDecimal } from '../schemas/decimal.ts'
import type { SentKind, Values } from '../schemas/define/field.ts'
import { plainNumber } from './number-text.ts'

/** The reader of a kind of field. Both vendors send numbers as texts and texts as numbers; `''` and null mean absent, which reads as null. */
export interface FieldReader<T> {
  /** The expectation, for the reason of a dead letter. */
  readonly expected: (value: unknown) => string
  /** Undefined if the value does not fit. */
  readonly read: (value: unknown) => T | null | undefined
}

const day = 24 * 3_600_000
/** ClickHouse's Date, the type of `day`, ends on 2149-06-06. */
const latestInstant = 65_535 * day

/** A field that is read from a text or a number. */
function scalar<T> (expected: string | ((value: unknown) => string), read: (value: string) => T | undefined): FieldReader<T> {
  return { expected: typeof expected === 'string' ? () => expected : expected, read: (value) => isAbsent(value) ? null : typeof value === 'object' ? undefined : read(toText(value)) }
}

const text: FieldReader<string> = { expected: () => 'a text', read: readText }

/** The reader of each kind: the meaning of a field is defined here and nowhere else. */
export const fieldReaders = {
  text,
  keyword: text,
  decimal: scalar(orTooLarge('a decimal number'), (value) => readDecimal(value)?.value),
  amount: scalar(orTooLarge('a decimal number that is not negative'), (value) => {
    const decimal = readDecimal(value)
    return decimal === undefined || decimal.text.startsWith('-') ? undefined : decimal.value
  }),
  integer: scalar('an integer', (value) => {
    const digits = numberText(value)
    return digits !== undefined && /^[+-]?\d{1,15}$/.test(digits) ? Number(digits) : undefined
  }),
  boolean: scalar('true or false', (value) => booleans.get(value.trim().toLowerCase())),
  timestamp: scalar('a time in ISO 8601 or as Unix time, from 1970 to 2149', instantFromText)
} satisfies { readonly [K in SentKind]: FieldReader<Values[K]> }

/** No coin and no price is larger, and no sum of so many rows as ClickHouse holds exceeds its Decimal. */
const largestNumber = 1e15

function orTooLarge (expected: string): (value: unknown) => string {
  return (value) => isScalar(value) && Math.abs(Number(numberText(toText(value)))) > largestNumber ? `a number of at most ${largestNumber}` : expected
}

/** The text of a number without what people write around its digits; undefined for other texts. */
function numberText (value: string): string | undefined {
  const given = value.trim()
  return plainDigits.test(given) ? given : plainNumber(given)
}

/** One way only to match any digits: with two, a text of megabytes would take for ever. */
const plainDigits = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?$/

interface DecimalReading {
  readonly text: string
  readonly value: AvroDecimal
  readonly rounded: boolean
}

function readDecimal (value: string): DecimalReading | undefined {
  const plain = decimalFromPlainText(value)
  if (plain !== undefined) return { text: value, value: plain, rounded: false }
  const digits = numberText(value)
  if (digits === undefined || Math.abs(Number(digits)) > largestNumber) return undefined
  const decimal = decimalFromText(digits)
  return decimal === undefined ? undefined : { text: digits, ...decimal }
}

function isScalar (value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number'
}

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

/** Any value as a text; null if absent. */
export function readText (value: unknown): string | null {
  return isAbsent(value) ? null : toText(value)
}

export function isAbsent (value: unknown): value is undefined | null | '' {
  return value === undefined || value === null || value === ''
}

/** A lone surrogate, which JSON can escape but UTF-8 cannot encode, becomes U+FFFD. */
export function toText (value: unknown): string {
  return typeof value === 'string' ? value.toWellFormed() : typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

/** Whether a decimal had to be rounded: the original is then kept in `extra`. */
export function isRounded (value: unknown): boolean {
  if (typeof value !== 'number' && typeof value !== 'string') return false
  if (Number.isInteger(value)) return false
  const given = String(value)
  const point = given.indexOf('.')
  if (/[eE]/.test(given)) return readDecimal(given)?.rounded === true
  return point !== -1 && given.length - point - 1 > decimalScale && readDecimal(given)?.rounded === true
}

/** The actual value, short enough for a reason and without a payload in it. */
export function preview (value: unknown): string {
  const shown = typeof value === 'object' ? (Array.isArray(value) ? 'an array' : 'an object') : JSON.stringify(value)
  return shown.length > 60 ? `${shown.slice(0, 57)}…` : shown
}
