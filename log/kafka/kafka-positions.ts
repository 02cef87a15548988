import type { Admin } from 'kafkajs'

/** Where a group stands in a partition, and what the partition holds. */
export interface PartitionPosition {
  readonly topic: string
  readonly partition: number
  /** First offset that the group has not acknowledged; undefined where it never acknowledged any. */
  readonly committed: number | undefined
  /** First offset that Kafka still holds. */
  readonly low: number
  /** Offset of the next append. */
  readonly high: number
}

/** `topics` are names in Kafka. */
export async function readPositions (admin: Admin, group: string, topics: readonly string[]): Promise<readonly PartitionPosition[]> {
  const offsetsOfGroup = admin.fetchOffsets({ groupId: group, topics: [...topics] })
  const offsetsOfTopics = topics.map(async (topic) => ({ topic, partitions: await admin.fetchTopicOffsets(topic) }))
  // where one fails the others are still under way: KafkaAdmin must not end the client under them
  await Promise.allSettled([offsetsOfGroup, ...offsetsOfTopics])
  const [committed, ...held] = await Promise.all([offsetsOfGroup, ...offsetsOfTopics])
  const offsets = new Map(committed.flatMap(({ topic, partitions }) => partitions.map(({ partition, offset }) => [`${topic}:${partition}`, Number(offset)] as const)))
  return held.flatMap(({ topic, partitions }) => partitions.map(({ partition, low, high }) => {
    const offset = offsets.get(`${topic}:${partition}`) ?? -1
    return { topic, partition, committed: offset < 0 ? undefined : offset, low: Number(low), high: Number(high) }
  }))
}

/** The offset that a group reads next. A new group reads all that is there. */
export function nextOffset ({ committed, low }: PartitionPosition): number {
  return Math.max(committed ?? low, low)
}

/** Records that Kafka deleted before the group had read them. */
export function lostRecords ({ committed, low }: PartitionPosition): number {
  return committed === undefined ? 0 : Math.max(0, low - committed)
}
