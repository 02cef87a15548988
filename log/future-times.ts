import { Counter, type Registry } from 'prom-client'
import type { Logger } from '../runtime/logger.ts'
import type { BatchHandler } from './log-consumer.ts'

/** The clocks of two servers may differ by this much, in milliseconds, without a word. */
const toleranceMs = 2_000

export interface FutureTimesOptions {
  readonly registry: Registry
  readonly logger: Logger
  /** Epoch milliseconds. */
  readonly now: () => number
}

/**
 * Reports records whose stored time lies in the future: the clock of this machine was set back, or the clock of the one that received them is
 * ahead. Their time is data and stays; nothing waits for it. A WARN when an episode begins, none for what follows; an episode of a group ends with
 * a batch that has no such record.
 */
export function futureTimesReport ({ registry, logger, now }: FutureTimesOptions): (group: string, handler: BatchHandler) => BatchHandler {
  const counter = new Counter({
    name: 'loyalty_log_future_records_total',
    help: 'Records that were read before the time at which their webhook arrived, as a clock was set back or is ahead; each delivery counts',
    labelNames: ['topic', 'group'],
    registers: [registry]
  })
  return (group, handler) => {
    let episode = false
    return async (batch) => {
      const { topic, partition, records } = batch
      const at = now()
      const early = records.filter(({ timestamp }) => timestamp - at > toleranceMs)
      if (early.length > 0) {
        counter.inc({ topic, group }, early.length)
        const aheadMs = Math.max(...early.map(({ timestamp }) => timestamp - at))
        if (!episode) logger.warn({ topic, group, partition, records: early.length, aheadMs }, 'records have an arrival time in the future: a clock was set back, or the clock of another machine is ahead')
      }
      episode = early.length > 0
      await handler(batch)
    }
  }
}
