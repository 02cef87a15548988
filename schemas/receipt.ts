import { createCodec, type Codec } from './codec.ts'
import type { EventRecord } from './records.ts'

/** What became of one raw record: what receipts.avsc describes. Times are epoch milliseconds. */
export interface Receipt {
  readonly raw_id: string
  readonly vendor: string
  readonly business: string
  readonly source: string
  readonly topic: string | null
  readonly delivery_id: string | null
  readonly received_at: number
  readonly transformed_at: number
  readonly raw_topic: string
  readonly raw_partition: number
  readonly raw_offset: number
  readonly event_ids: readonly string[]
  readonly records: Readonly<Partial<Record<EventRecord, number>>>
  readonly dead_letters: number
  /** As many; empty in a receipt of an earlier version. One bad event that came twice has the same id twice. */
  readonly dead_letter_ids: readonly string[]
}

export const receiptCodec: Codec<Receipt> = createCodec('receipts')
