import type { AnalyticsAnswer, AnalyticsReader } from '../../warehouse/analytics-reader.ts'

export interface MemoryReader extends AnalyticsReader {
  /** What it was asked. */
  readonly asked: Array<{ readonly sql: string, readonly parameters: Readonly<Record<string, string>> }>
  /** One for each that was asked. */
  readonly signals: Array<AbortSignal | undefined>
}

/** Answers every query alike, or fails it. */
export function memoryReader (answer: AnalyticsAnswer | Error): MemoryReader {
  const asked: MemoryReader['asked'] = []
  const signals: MemoryReader['signals'] = []
  return {
    asked,
    signals,
    async query (sql, parameters, signal) {
      asked.push({ sql, parameters })
      signals.push(signal)
      if (answer instanceof Error) throw answer
      return answer
    },
    async close () {}
  }
}
