import { Counter, type Registry } from 'prom-client'
import type { Logger } from '../runtime/logger.ts'
import type { DamageReport } from './embedded/damaged-batches.ts'

/** Logs and counts records that a group does not get because their checksum failed. Needs a person. */
export function createDamageReport (registry: Registry, logger: Logger): DamageReport {
  const recordBatches = new Counter({
    name: 'loyalty_log_damaged_record_batches_total',
    help: 'Record batches of the embedded log that a group has passed over, as their CRC did not fit',
    labelNames: ['topic', 'group'],
    registers: [registry]
  })
  return ({ topic, group, offset, next, file }) => {
    recordBatches.inc({ topic, group })
    logger.error({ topic, group, offset, next, file }, 'records failed their checksum and were skipped; their bytes are in the file')
  }
}
