import type { BatchHandler, ConsumeOptions } from '../log/log-consumer.ts'
import type { Log } from '../log/log.ts'
import type { Closers } from '../runtime/closers.ts'
import type { Logger } from '../runtime/logger.ts'

/** Runs a stage on its topics until the closers end it. */
export async function subscribe (log: Log, options: ConsumeOptions, handler: BatchHandler, closers: Closers): Promise<void> {
  const subscription = await log.consume(options, handler)
  closers.add(options.group, () => subscription.close())
}

/** A batch that failed is delivered again: nothing is lost, but its topic stands still until a person has mended the cause. */
export function reportStopped (logger: Logger): ConsumeOptions['onError'] {
  return (err, { topic, partition, records, signal }) => {
    if (signal.aborted) return
    logger.error({ err, topic, partition, offset: records[0]?.offset, records: records.length }, 'a batch failed and will be tried again; its topic waits')
  }
}
