/** A partition. */
export interface TopicPartition {
  /** Name in Kafka. */
  readonly topic: string
  readonly partition: number
}

/** A name for the partition in maps; names of topics hold no colon. */
export function keyOf (topic: string, partition: number): string {
  return `${topic}:${partition}`
}
