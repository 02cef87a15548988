import { Counter, type Registry } from 'prom-client'
import { deadLetterCounter } from '../runtime/dead-letter-counter.ts'

/** Records by name, and dead letters by code. */
export interface TransformCounts {
  readonly records: Readonly<Record<string, number>>
  readonly deadLetters: Readonly<Record<string, number>>
}

export interface TransformMetrics {
  /** Counts durable results. A repeated batch counts again. */
  transformed (counts: TransformCounts): void
}

export function createTransformMetrics (registry: Registry): TransformMetrics {
  const records = new Counter({ name: 'loyalty_transform_records_total', help: 'Records that raw records became, by record', labelNames: ['record'], registers: [registry] })
  const deadLetters = deadLetterCounter(registry)
  return {
    transformed (counts) {
      for (const [record, count] of Object.entries(counts.records)) records.inc({ record }, count)
      for (const [code, count] of Object.entries(counts.deadLetters)) deadLetters.inc({ stage: 'transform', code }, count)
    }
  }
}
