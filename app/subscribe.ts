import type { BatchHandler, ConsumeOptions } from '../log/log-consumer.ts'
import type { Log } from '../log/log.ts'
import type { Closers } from './closers.ts'
import { registryErrors } from '../log/confluent/registry-error-codes.ts'
import { logErrors } from '../log/log-errors.ts'
import { isError } from '../runtime/errors.ts'
import { warehouseErrors } from '../warehouse/warehouse-errors.ts'
import type { Logger } from '../runtime/logger.ts'
import { repeatedLines } from '../runtime/repeated-lines.ts'

/** Runs a stage on its topics until the closers end it. */
export async function subscribe (log: Log, options: ConsumeOptions, handler: BatchHandler, closers: Closers): Promise<void> {
  const subscription = await log.consume(options, handler)
  closers.add(options.group, () => subscription.close())
}

/** Transient errors: nothing is lost, and they pass when the other system is back. */
const outages = [logErrors.LOG_UNAVAILABLE, logErrors.LOG_BACKLOG_FULL, logErrors.LOG_DISK_FULL, warehouseErrors.WAREHOUSE_UNAVAILABLE, registryErrors.SCHEMA_REGISTRY_UNAVAILABLE]

/**
 * A failed batch is delivered again: nothing is lost, but its partition waits. An outage logs one WARN a minute; any other
 * error needs a person, and logs one ERROR per minute and partition.
 */
export function reportStopped (logger: Logger): ConsumeOptions['onError'] {
  const lines = repeatedLines(logger)
  return (err, { topic, partition, records, signal }) => {
    if (signal.aborted) return
    const fields = { err, topic, partition, offset: records[0]?.offset, records: records.length }
    if (isError(err, ...outages)) lines.say(err.code, 'warn', fields, 'batch failed; retrying until the other system is back')
    else lines.say(`${topic}:${partition}`, 'error', fields, 'batch failed; retrying, and its partition waits; docs/operations.md says how to skip a record')
  }
}
