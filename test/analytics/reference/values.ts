import { createHash } from 'node:crypto'

export type Payload = Readonly<Record<string, unknown>>
/** A row of a view as a query answers it: decimals and times are texts. */
export type Row = Readonly<Record<string, unknown>>

const scale = 10
/** 1 as `decimalOf` has it. */
export const one = 10n ** BigInt(scale)

export function textOf (value: unknown): string | null {
  return value === undefined || value === null || value === '' ? null : typeof value === 'string' ? value : JSON.stringify(value)
}

/** A decimal as a whole number of 10^-10, so that sums are exact. */
export function decimalOf (value: unknown): bigint | null {
  const text = textOf(value)
  if (text === null) return null
  const [whole = '', fraction = ''] = text.replace('-', '').split('.')
  const digits = BigInt(whole + fraction.padEnd(scale, '0'))
  return text.startsWith('-') ? -digits : digits
}

export function decimalText (value: bigint | null): string | null {
  if (value === null) return null
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0')
  const fraction = digits.slice(-scale).replace(/0+$/, '')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}${fraction === '' ? '' : `.${fraction}`}`
}

export function numberOf (value: bigint): number {
  return Number(decimalText(value))
}

/** Epoch milliseconds of a time as ISO 8601 or as Unix time in seconds or milliseconds. */
export function timeOf (value: unknown): number | null {
  const text = textOf(value)
  if (text === null) return null
  return /^\d{13}$/.test(text) ? Number(text) : /^\d{9,10}$/.test(text) ? Number(text) * 1000 : Date.parse(text)
}

export function timeText (instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString().replace('T', ' ').replace('Z', '')
}

export function flagOf (value: unknown): boolean | null {
  const text = textOf(value)
  return text === null ? null : text === 'true' || text === '1'
}

export function sha256 (text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export function objectOf (value: unknown): Payload {
  return typeof value === 'object' && value !== null ? value as Payload : {}
}

/** The sum of what is there. */
export function sum (values: ReadonlyArray<bigint | null>): bigint {
  return values.reduce<bigint>((total, value) => total + (value ?? 0n), 0n)
}

export function least<T extends number | string> (values: readonly T[]): T | null {
  return values.reduce<T | null>((best, value) => best === null || value < best ? value : best, null)
}

export function greatest<T extends number | string> (values: readonly T[]): T | null {
  return values.reduce<T | null>((best, value) => best === null || value > best ? value : best, null)
}

export function groupBy<T> (items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
