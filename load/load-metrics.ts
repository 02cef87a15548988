import { Counter, Histogram, type Registry } from 'prom-client'
import { deadLetterCounter } from '../runtime/dead-letter-counter.ts'
import type { DeadLetter } from '../schemas/dead-letters.ts'

export interface LoadMetrics {
  /** `arrivals`: epoch milliseconds at which the webhook of each loaded row arrived. */
  loaded (table: string, arrivals: readonly number[], now: number): void
  rejected (letter: DeadLetter): void
  retried (table: string, code: string): void
}

export function createLoadMetrics (registry: Registry): LoadMetrics {
  const rows = new Counter({ name: 'loyalty_load_rows_total', help: 'Rows loaded, by table', labelNames: ['table'], registers: [registry] })
  const retries = new Counter({ name: 'loyalty_load_retries_total', help: 'Inserts that are repeated, by table and code', labelNames: ['table', 'code'], registers: [registry] })
  const deadLetters = deadLetterCounter(registry)
  const latency = new Histogram({
    name: 'loyalty_end_to_end_seconds',
    help: 'Time from the arrival of a webhook to its rows being queryable, a sample a row',
    labelNames: ['table'],
    buckets: [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60, 300, 3600],
    registers: [registry]
  })
  return {
    loaded (table, arrivals, now) {
      rows.inc({ table }, arrivals.length)
      const observer = latency.labels({ table })
      // a future arrival, from a clock that was set back, must not decrease the sum (futureTimesReport counts them)
      for (const arrival of arrivals) observer.observe(Math.max(0, now - arrival) / 1000)
    },
    rejected: ({ stage, code }) => { deadLetters.inc({ stage, code }) },
    retried: (table, code) => { retries.inc({ table, code }) }
  }
}
