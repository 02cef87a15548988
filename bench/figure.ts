/** One measured line. `ratio` is against what was measured beside it in the same run. */
export interface Figure {
  readonly bench: string
  readonly what: string
  readonly value: number
  readonly unit: string
  readonly ratio?: number
  readonly aim?: string
}

export function median (values: readonly number[]): number {
  return quantile(values, 0.5)
}

export function quantile (values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN
}

/** A table for people, and the same as JSON for machines. */
export function printFigures (figures: readonly Figure[], machine: string): void {
  const rows = figures.map(({ bench, what, value, unit, ratio, aim }) => [bench, what, `${format(value)} ${unit}`, ratio === undefined ? '' : ratio.toFixed(2), aim ?? ''])
  const head = ['bench', 'what', 'figure', 'ratio', 'aim']
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()
  console.log(`\n${machine}\n\n${line(head)}\n${widths.map((width) => '-'.repeat(width)).join('  ')}`)
  for (const row of rows) console.log(line(row))
  console.log(`\n${JSON.stringify({ machine, figures })}`)
}

function format (value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}
