import type { Batch } from 'kafkajs'
import type { AssignedPartition } from './assigned-partition.ts'

export interface FetchStart {
  /** Whether the fetch continues at the expected offset. Otherwise fetch again from `next`. */
  readonly continues: boolean
  /** Records that Kafka deleted before they were read. */
  readonly lost: number
}

/**
 * Detects offset gaps between fetches. A fetch that starts past the expected offset is a stale response from before a rebalance, a
 * retention gap, or, the second time, a gap without records. `lowOffset` asks Kafka for the first offset that it
 * holds of the partition. Rejects as `lowOffset` does.
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
