import { Counter, type Registry } from 'prom-client'

const name = 'loyalty_dead_letters_total'
const labelNames = ['stage', 'code'] as const

/** The counter of dead letters that all stages of a process share. */
export function deadLetterCounter (registry: Registry): Counter<typeof labelNames[number]> {
  const known = registry.getSingleMetric(name)
  return known instanceof Counter ? known : new Counter({ name, help: 'Events that ended as dead letters, by stage and code; each occurrence counts, also of one that was sent before', labelNames, registers: [registry] })
}
