import { Gauge, type Registry } from 'prom-client'
import type { Log } from '../log/log.ts'
import type { Logger } from '../runtime/logger.ts'
import type { LoadedPosition } from '../warehouse/loaded-positions.ts'

/**
 * Logs and counts partitions that end before the offset that the warehouse has loaded: the log was lost, or is an older copy, and with it
 * webhooks that were accepted but not loaded. New events are not affected, because no event is identified by its offset.
 */
export function createPositionComparison (registry: Registry, logger: Logger): (log: Pick<Log, 'ends'>, loaded: readonly LoadedPosition[]) => Promise<void> {
  const behind = new Gauge({
    name: 'loyalty_log_behind_warehouse_records',
    help: 'Records by which the log, as loading began, ended before what the warehouse had loaded of it',
    labelNames: ['topic', 'partition'],
    registers: [registry]
  })
  return async (log, loaded) => {
    const ends = new Map((await log.ends()).map(({ topic, partition, next }) => [`${topic}:${partition}`, next]))
    for (const { topic, partition, offset } of loaded) {
      const logEnds = ends.get(`${topic}:${partition}`) ?? 0
      const records = Math.max(0, offset + 1 - logEnds)
      behind.set({ topic, partition: String(partition) }, records)
      if (records === 0) continue
      logger.error({ topic, partition, logEnds, loadedUpTo: offset }, 'the log ends before the offset that the warehouse has loaded: the log was lost or is an older copy, and with it webhooks that were accepted but not loaded; after a move to another log this is expected')
    }
  }
}
