/** A partition. */
export interface TopicPartition {
  /** Topic name in Kafka. */
  readonly topic: string
  readonly partition: number
}

/** Map key of the partition; topic names contain no colon. */
export function keyOf (topic: string, partition: number): string {
  return `${topic}:${partition}`
}
