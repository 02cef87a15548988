import type { Admin } from 'kafkajs'
import { AppError } from '../../runtime/errors.ts'
import { logErrors } from '../log-errors.ts'

/** The committed offset of a group in a partition, and the offsets that the partition holds. */
export interface PartitionPosition {
  readonly topic: string
  readonly partition: number
  /** First offset that the group has not acknowledged; undefined before its first commit. */
  readonly committed: number | undefined
  /** First offset that Kafka holds. */
  readonly low: number
  /** Offset of the next append. */
  readonly high: number
}

/**
 * `topics` are names in Kafka. Requests run one after the other: concurrent kafkajs requests for new topics overwrite each other's
 * metadata, and one in flight when another fails keeps the client from disconnecting.
 *
 * Throws LOG_UNAVAILABLE if Kafka omits the offset of a partition: that is not the same as none, which reads the partition from its beginning.
 */
export async function readPositions (admin: Pick<Admin, 'fetchOffsets' | 'fetchTopicOffsets'>, group: string, topics: readonly string[]): Promise<readonly PartitionPosition[]> {
  const held: Array<{ readonly topic: string, readonly partitions: Awaited<ReturnType<Admin['fetchTopicOffsets']>> }> = []
  for (const topic of topics) held.push({ topic, partitions: await admin.fetchTopicOffsets(topic) })
  const committed = await admin.fetchOffsets({ groupId: group, topics: [...topics] })
  const offsets = new Map(committed.flatMap(({ topic, partitions }) => partitions.map(({ partition, offset }) => [`${topic}:${partition}`, Number(offset)] as const)))
  return held.flatMap(({ topic, partitions }) => partitions.map(({ partition, low, high }) => {
    const offset = offsets.get(`${topic}:${partition}`)
    if (offset === undefined) throw new AppError(logErrors.LOG_UNAVAILABLE, `expected Kafka to tell the offset of ${group} in ${topic}:${partition}, got those of other partitions only`)
    return { topic, partition, committed: offset < 0 ? undefined : offset, low: Number(low), high: Number(high) }
  }))
}

/**
 * The positions of these partitions. Throws LOG_UNAVAILABLE if one is missing: a broker that has just heard of a topic may omit
 * some, and nobody would read an assigned partition that was never started.
 */
export function positionsOf (partitions: ReadonlyArray<{ readonly topic: string, readonly partition: number }>, positions: readonly PartitionPosition[]): readonly PartitionPosition[] {
  return partitions.map(({ topic, partition }) => {
    const found = positions.find((one) => one.topic === topic && one.partition === partition)
    if (found === undefined) throw new AppError(logErrors.LOG_UNAVAILABLE, `expected Kafka to tell the offsets of ${topic}:${partition}, got those of other partitions only`)
    return found
  })
}

/** The first offset that Kafka holds of a partition. */
export async function lowOffset (admin: Pick<Admin, 'fetchTopicOffsets'>, topic: string, partition: number): Promise<number> {
  const held = await admin.fetchTopicOffsets(topic)
  const found = held.find((one) => one.partition === partition)
  if (found === undefined) throw new AppError(logErrors.LOG_UNAVAILABLE, `expected Kafka to tell the offsets of ${topic}:${partition}, got those of other partitions only`)
  return Number(found.low)
}

/** The next offset of the group. A new group starts at the beginning. */
export function nextOffset (position: PartitionPosition): number {
  const { committed, low } = position
  return committed === undefined || isCutOff(position) ? low : Math.max(committed, low)
}

/** Whether the partition ends before the committed offset: the topic was recreated, or lost its end. */
export function isCutOff ({ committed, high }: PartitionPosition): boolean {
  return committed !== undefined && committed > high
}

/** Records that Kafka deleted before the group read them. */
export function lostRecords ({ committed, low }: PartitionPosition): number {
  return committed === undefined ? 0 : Math.max(0, low - committed)
}
