import type { AnalyticsAnswer, AnalyticsValue } from '../../warehouse/analytics-reader.ts'

/** Without it Excel reads UTF-8 as the code page of its country. */
const byteOrderMark = '\uFEFF'

/** RFC 4180, with a head and a byte order mark. */
export function toCsv ({ columns, rows }: AnalyticsAnswer): string {
  return byteOrderMark + [columns.map(({ name }) => name), ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('')
}

/**
 * Where a spreadsheet begins a formula: at the start of a text, and behind whatever its country takes for the end of a cell, with or without blanks
 * before. Full-width signs count, as some turn them into plain ones.
 */
const formula = /(^|[;,\t\r\n|])([\s\u00A0\uFEFF]*)(?=[=+\-@＝＋－＠])/g
/** OWASP: a cell that begins with one of these is taken for more than a text by some. */
const control = /^[\t\r\n]/

/** What members or vendors name is not ours: a text that a spreadsheet would take for a formula gets an apostrophe before it. Numbers stay numbers. */
function field (value: AnalyticsValue): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const disarmed = isNumber(value) ? value : value.replaceAll(formula, "$1'$2").replace(control, "'$&")
  return /[",;\t\r\n|]/.test(disarmed) ? `"${disarmed.replaceAll('"', '""')}"` : disarmed
}

/** Of decimals, which come as texts. */
function isNumber (text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text)
}
