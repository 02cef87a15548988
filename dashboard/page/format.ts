import type { Value } from './answers.ts'

const empty = '–'

export function isNumeric (type: string): boolean {
  return /^(LowCardinality\()?(Nullable\()?(U?Int|Float|Decimal)/.test(type)
}

/** `customers_earning` as a person says it. */
export function label (column: string): string {
  const words = column.replaceAll('_', ' ').replace('24h', '(24 h)')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What a column of a table is, by its name: files of sql/dashboards tell units of what is drawn only. */
export function unitOf (column: string): string {
  return /(_rate|_conversion|^drop_off)$/.test(column) ? 'percent' : ''
}

/** A figure with its unit; `short` has three digits or so, for axes and tiles. */
export function figure (value: Value | undefined, unit: string, currency: string, short = false): string {
  if (value === null || value === undefined || value === '') return empty
  const number = Number(value)
  if (Number.isNaN(number)) return String(value)
  if (unit === 'percent') return new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 }).format(number)
  const compact: Intl.NumberFormatOptions = short && Math.abs(number) >= 10_000 ? { notation: 'compact', maximumSignificantDigits: 3 } : { maximumFractionDigits: number !== 0 && Math.abs(number) < 0.1 ? 4 : 2 }
  if (unit === 'currency') {
    const style: Intl.NumberFormatOptions = { style: 'currency', currency, ...compact }
    // whole amounts need no decimals in a small place; ₹0.1 is no price
    return new Intl.NumberFormat(undefined, short && compact.maximumSignificantDigits === undefined && Number.isInteger(number) ? { ...style, minimumFractionDigits: 0 } : style).format(number)
  }
  return new Intl.NumberFormat(undefined, compact).format(number)
}

/** A day, `2026-06-30`, as in `30 Jun`; with its year where asked for. */
export function dayName (seconds: number, year = false): string {
  return new Intl.DateTimeFormat(undefined, { timeZone: 'UTC', day: 'numeric', month: 'short', ...(year ? { year: 'numeric' } : {}) }).format(seconds * 1000)
}

/** A cell of a table. */
export function cell (value: Value | undefined, type: string, column: string, currency: string): string {
  if (value === null || value === undefined) return empty
  if (isNumeric(type)) return figure(value, unitOf(column), currency)
  // DateTime64 in UTC: milliseconds help nobody here
  return type.startsWith('DateTime') ? String(value).replace(/\.\d+$/, '') : String(value)
}

/** `12 s ago` and so on. */
export function ago (ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h ago`
  return `${Math.floor(seconds / 86_400)} days ago`
}
