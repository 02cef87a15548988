import { createCodec, type Codec } from './codec.ts'

/** An event that no table takes: what dead_letters.avsc describes. Times are epoch milliseconds. */
export interface DeadLetter {
  readonly dead_letter_id: string
  readonly vendor: string | null
  readonly business: string | null
  readonly source: string | null
  readonly topic: string | null
  readonly delivery_id: string | null
  readonly stage: 'transform' | 'load'
  readonly code: string
  readonly reason: string
  readonly received_at: number | null
  readonly failed_at: number
  readonly raw_id: string | null
  readonly log_topic: string
  readonly log_partition: number
  readonly log_offset: number
  readonly log_index: number
  readonly payload: Buffer
}

/** What a dead letter says where nothing of its webhook is known. */
export const unknownWebhook = {
  vendor: null,
  business: null,
  source: null,
  topic: null,
  delivery_id: null,
  raw_id: null,
  log_index: -1
} as const satisfies Partial<DeadLetter>

export const deadLetterCodec: Codec<DeadLetter> = createCodec('dead_letters')
