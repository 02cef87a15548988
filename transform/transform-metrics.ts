import { Counter, type Registry } from 'prom-client'
import { deadLetterCounter } from '../runtime/dead-letter-counter.ts'

/** Records by name, unreadable values by table and field, and dead letters by code. */
export interface TransformCounts {
  readonly records: Readonly<Record<string, number>>
  readonly unreadable: Readonly<Record<string, number>>
  readonly deadLetters: Readonly<Record<string, number>>
}

export interface TransformMetrics {
  /** Counts durable results. A repeated batch counts again. */
  transformed (counts: TransformCounts): void
}

export function createTransformMetrics (registry: Registry): TransformMetrics {
  const records = new Counter({ name: 'loyalty_transform_records_total', help: 'Records that raw records became, by record', labelNames: ['record'], registers: [registry] })
  const unreadable = new Counter({ name: 'loyalty_transform_unreadable_values_total', help: 'Values that could not be read, by table and field: null in their column, as sent in extra', labelNames: ['field'], registers: [registry] })
  const deadLetters = deadLetterCounter(registry)
  return {
    transformed (counts) {
      for (const [record, count] of Object.entries(counts.records)) records.inc({ record }, count)
      for (const [field, count] of Object.entries(counts.unreadable)) unreadable.inc({ field }, count)
      for (const [code, count] of Object.entries(counts.deadLetters)) deadLetters.inc({ stage: 'transform', code }, count)
    }
  }
}
