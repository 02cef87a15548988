import type { Batch } from 'kafkajs'
import type { AssignedPartition } from './assigned-partition.ts'

export interface FetchStart {
  /** Whether the batch goes on where the one before ended. Otherwise it is to be fetched again from `next`. */
  readonly continues: boolean
  /** Records that Kafka deleted before they were read. */
  readonly lost: number
}

/**
 * Compares a fetch with where the one before ended. One that was asked for further on is the late answer to a question before a rebalance; or
 * Kafka deleted what was between; or, where it comes twice, there is nothing between. `lowOffset` asks Kafka for the first offset that it
 * holds of the partition. Rejects as that does.
 */
export async function detectOffsetGap (batch: Batch, assigned: AssignedPartition, lowOffset: () => Promise<number>): Promise<FetchStart> {
  const expected = assigned.next
  const fetchedOffset = Number((batch as Batch & { readonly fetchedOffset: string }).fetchedOffset)
  if (fetchedOffset <= expected || assigned.repeatedAt === expected) return { continues: true, lost: 0 }
  const low = await lowOffset()
  if (low > expected) {
    assigned.skipTo(low)
    return { continues: fetchedOffset <= low, lost: low - expected }
  }
  assigned.repeatedAt = expected
  return { continues: false, lost: 0 }
}
