import { Counter, type Registry } from 'prom-client'
import { deadLetterCounter } from '../runtime/dead-letter-counter.ts'
import type { DeadLetter } from '../schemas/dead-letter.ts'
import type { Receipt } from '../schemas/receipt.ts'

export interface TransformMetrics {
  transformed (receipt: Receipt): void
  rejected (letter: DeadLetter): void
}

export function createTransformMetrics (registry: Registry): TransformMetrics {
  const records = new Counter({ name: 'loyalty_transform_records_total', help: 'Records that raw records became, by record', labelNames: ['record'], registers: [registry] })
  const deadLetters = deadLetterCounter(registry)
  return {
    transformed ({ records: counts }) {
      for (const [record, count] of Object.entries(counts)) records.inc({ record }, count)
    },
    rejected ({ stage, code }) {
      deadLetters.inc({ stage, code })
    }
  }
}
