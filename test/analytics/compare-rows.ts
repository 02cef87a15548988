import type { Row } from './reference/values.ts'

/** What differs between rows of a view and the rows that it should have, a line each; decimals exactly, floats to 1e-9. */
export function differences (actual: readonly Row[], expected: readonly Row[], key: readonly string[]): string[] {
  const found: string[] = []
  const left = new Map<string, Row[]>()
  for (const row of actual) left.set(nameOf(row, key), [...left.get(nameOf(row, key)) ?? [], row])
  for (const row of expected) {
    const name = nameOf(row, key)
    const candidates = left.get(name) ?? []
    // of rows with the same name the one that differs least
    const best = candidates.map((candidate) => ({ candidate, columns: unequalColumns(candidate, row) })).sort((a, b) => a.columns.length - b.columns.length)[0]
    if (best === undefined) {
      found.push(`missing ${name}: ${JSON.stringify(row)}`)
      continue
    }
    left.set(name, candidates.filter((candidate) => candidate !== best.candidate))
    for (const column of best.columns) found.push(`${name}: ${column} expected ${JSON.stringify(row[column])}, got ${JSON.stringify(best.candidate[column])}`)
  }
  for (const [name, rows] of left) for (const row of rows) found.push(`unexpected ${name}: ${JSON.stringify(row)}`)
  return found.sort((a, b) => a.length - b.length)
}

function nameOf (row: Row, key: readonly string[]): string {
  return JSON.stringify(key.map((column) => row[column]))
}

function unequalColumns (actual: Row, expected: Row): string[] {
  return [...new Set([...Object.keys(actual), ...Object.keys(expected)])].filter((column) => !isEqual(actual[column], expected[column]))
}

function isEqual (actual: unknown, expected: unknown): boolean {
  if (typeof actual === 'object' || typeof expected === 'object') return JSON.stringify(actual) === JSON.stringify(expected)
  if (typeof actual !== 'number' || typeof expected !== 'number') return actual === expected
  return Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(actual), Math.abs(expected))
}
