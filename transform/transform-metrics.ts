import { Counter, type Registry } from 'prom-client'
import { deadLetterCounter } from '../runtime/dead-letter-counter.ts'
import type { DeadLetter } from '../schemas/dead-letter.ts'
import type { Outcome } from './outcome.ts'

export interface TransformMetrics {
  transformed (outcome: Outcome): void
  /** A raw record that could not be read at all. */
  rejected (letter: DeadLetter): void
}

export function createTransformMetrics (registry: Registry): TransformMetrics {
  const records = new Counter({ name: 'loyalty_transform_records_total', help: 'Records that raw records became, by record', labelNames: ['record'], registers: [registry] })
  const deadLetters = deadLetterCounter(registry)
  const countLetter = ({ stage, code }: DeadLetter): void => { deadLetters.inc({ stage, code }) }
  return {
    transformed ({ receipt, deadLetters }) {
      for (const [record, count] of Object.entries(receipt.records)) records.inc({ record }, count)
      deadLetters.forEach(countLetter)
    },
    rejected: countLetter
  }
}
