import { Counter, type Registry } from 'prom-client'
import type { Logger } from '../runtime/logger.ts'

/** Logs and counts records that were deleted before a group read them. Needs a person: raw webhooks may be in `landing.raw_webhooks`. */
export function createLossReport (registry: Registry, logger: Logger): (topic: string, group: string, records: number) => void {
  const lost = new Counter({
    name: 'loyalty_log_records_lost_total',
    help: 'Records that the log deleted by its retention before a group had read them',
    labelNames: ['topic', 'group'],
    registers: [registry]
  })
  return (topic, group, records) => {
    lost.inc({ topic, group }, records)
    logger.error({ topic, group, records }, 'records were deleted before they were read: the outage was longer than KAFKA_RETENTION_HOURS')
  }
}
