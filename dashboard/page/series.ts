import type { Answer, Query, Value } from './answers.ts'

/** What a chart draws of an answer. */
export interface Series {
  readonly column: string
  readonly unit: string
  readonly values: ReadonlyArray<number | null>
}

export function column (answer: Answer, name: string): readonly Value[] {
  const index = answer.columns.findIndex((one) => one.name === name)
  return answer.rows.map((row) => row[index] ?? null)
}

export function seriesOf ({ y, units }: Query, answer: Answer): readonly Series[] {
  return y.map((name, index) => ({ column: name, unit: units[index] ?? '', values: column(answer, name).map((value) => value === null ? null : Number(value)) }))
}

/** Days without an event are filled with zeros, so that an answer may have rows and still nothing to show; a share of zero is an answer. */
export function isEmpty (query: Query, answer: Answer): boolean {
  if (query.chart === 'table') return answer.rows.length === 0
  return seriesOf(query, answer).every(({ unit, values }) => values.every((value) => value === null || (value === 0 && unit !== 'percent')))
}
