import { AppError } from '../../runtime/errors.ts'
import type { AssignedPartition } from './assigned-partition.ts'
import { nextOffset, type PartitionPosition } from './kafka-positions.ts'
import { logErrors } from '../log-errors.ts'

const checkMs = 15_000
/** Longer than any rebalance, election and retry. */
const stalledAfterMs = 120_000

export interface ProgressWatchdogOptions {
  readonly signal: AbortSignal
  readonly positions: () => Promise<readonly PartitionPosition[]>
  /** Whether the partition is assigned to this member. */
  readonly isAssigned: (topic: string, partition: number) => boolean
  /** Undefined if not assigned, or not started yet. */
  readonly partition: (topic: string, partition: number) => Pick<AssignedPartition, 'next' | 'paused' | 'movedAt' | 'records'> | undefined
  /** The consumer's last heartbeat or rebalance, in milliseconds of `now`. */
  readonly aliveAt: () => number
  readonly onStalled: (error: AppError) => void
  /** A monotonic clock in milliseconds; default: the process's own. */
  readonly now?: () => number
}

/**
 * kafkajs can stop fetching without an error. Unread records and no fetch for two minutes end in LOG_STALLED. A slow handler does not
 * count: its partition is paused. Time in which Kafka did not answer, or this process slept, does not count either.
 */
export function watchProgress (options: ProgressWatchdogOptions): void {
  const check = progressCheck(options)
  const timer = setInterval(() => { void check() }, checkMs)
  timer.unref()
  options.signal.addEventListener('abort', () => { clearInterval(timer) })
}

export function progressCheck ({ signal, positions, isAssigned, partition, aliveAt, onStalled, now = () => performance.now() }: ProgressWatchdogOptions): () => Promise<void> {
  /** Assigned partitions that have not started, with the time since when. */
  let waiting = new Map<string, number>()
  let checkedAt = now()
  /** Restarts the clock of every partition. */
  let quietUntil = now()

  return async () => {
    if (now() - checkedAt > 2 * checkMs) quietUntil = now()
    checkedAt = now()
    const read = await positions().catch(() => undefined)
    if (read === undefined) quietUntil = now()
    if (read === undefined || signal.aborted) return
    const isLate = (since: number): boolean => now() - Math.max(since, quietUntil) > stalledAfterMs
    const stillWaiting = new Map<string, number>()
    for (const position of read) {
      const key = `${position.topic}:${position.partition}`
      const assigned = partition(position.topic, position.partition)
      if (assigned === undefined) {
        if (!isAssigned(position.topic, position.partition)) continue
        const since = waiting.get(key) ?? now()
        stillWaiting.set(key, since)
        if (isLate(since)) return stalled(`expected ${key} to be read, as it was given to this consumer, got no beginning`)
      } else if ((assigned.paused && assigned.records.bytes > 0) || position.high === assigned.next) {
        assigned.movedAt = now()
      } else if (isLate(assigned.movedAt)) {
        return stalled(`expected ${key} to be fetched from offset ${assigned.next}, where Kafka holds up to ${position.high}, got nothing`)
      }
    }
    waiting = stillWaiting
    const left = read.some((position) => position.high > nextOffset(position))
    if (left && isLate(aliveAt())) stalled('expected the consumer to be a member of its group, got no sign of life, while there are records to read')
  }

  function stalled (what: string): void {
    onStalled(new AppError(logErrors.LOG_STALLED, `${what} for ${stalledAfterMs / 1000} s`))
  }
}
