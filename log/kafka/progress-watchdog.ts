import { AppError } from '../../runtime/errors.ts'
import type { AssignedPartition } from './assigned-partition.ts'
import { nextOffset, type PartitionPosition } from './kafka-positions.ts'

const checkMs = 15_000
/** Longer than any rebalance, election and retry. */
const stalledAfterMs = 120_000

export interface ProgressWatchdogOptions {
  readonly signal: AbortSignal
  readonly positions: () => Promise<readonly PartitionPosition[]>
  /** Undefined for what another consumer reads. */
  readonly partition: (topic: string, partition: number) => AssignedPartition | undefined
  /** Epoch milliseconds of the last sign of life of the consumer in its group. */
  readonly aliveAt: () => number
  readonly onStalled: (error: AppError) => void
  readonly now?: () => number
}

/**
 * kafkajs can stop to fetch without a word. So: records to read, and no fetch of them for two minutes, ends in LOG_STALLED. A handler
 * that takes its time is no such case: its partition is paused. While Kafka does not answer, nothing is said of progress.
 */
export function watchProgress (options: ProgressWatchdogOptions): void {
  const timer = setInterval(() => { void checkProgress(options) }, checkMs)
  timer.unref()
  options.signal.addEventListener('abort', () => { clearInterval(timer) })
}

export async function checkProgress ({ signal, positions, partition, aliveAt, onStalled, now = Date.now }: ProgressWatchdogOptions): Promise<void> {
  const read = await positions().catch(() => undefined)
  if (read === undefined || signal.aborted) return
  const before = now() - stalledAfterMs
  for (const position of read) {
    const assigned = partition(position.topic, position.partition)
    if (assigned === undefined) continue
    if (assigned.paused || position.high <= assigned.next) assigned.movedAt = now()
    else if (assigned.movedAt < before) {
      onStalled(new AppError('LOG_STALLED', `expected ${position.topic}:${position.partition} to be fetched from offset ${assigned.next}, where Kafka holds up to ${position.high}, got nothing for ${stalledAfterMs / 1000} s`))
      return
    }
  }
  const left = read.some((position) => position.high > nextOffset(position))
  if (left && aliveAt() < before) {
    onStalled(new AppError('LOG_STALLED', `expected the consumer to be a member of its group, got no sign of life for ${stalledAfterMs / 1000} s while there are records to read`))
  }
}
