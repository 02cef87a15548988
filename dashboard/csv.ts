import type { AnalyticsAnswer, AnalyticsValue } from '../warehouse/analytics-reader.ts'

/** RFC 4180, with a head. */
export function toCsv ({ columns, rows }: AnalyticsAnswer): string {
  return [columns.map(({ name }) => name), ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('')
}

/** A text that a spreadsheet would take for a formula gets an apostrophe: what members or vendors name is not ours. */
function field (value: AnalyticsValue): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
