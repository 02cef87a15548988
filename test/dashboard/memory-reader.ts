import type { AnalyticsAnswer, AnalyticsReader } from '../../warehouse/analytics-reader.ts'

export interface MemoryReader extends AnalyticsReader {
  /** What it was asked. */
  readonly asked: Array<{ readonly sql: string, readonly parameters: Readonly<Record<string, string>> }>
}

/** Answers every query alike, or fails it. */
export function memoryReader (answer: AnalyticsAnswer | Error): MemoryReader {
  const asked: MemoryReader['asked'] = []
  return {
    asked,
    async query (sql, parameters) {
      asked.push({ sql, parameters })
      if (answer instanceof Error) throw answer
      return answer
    },
    async close () {}
  }
}
