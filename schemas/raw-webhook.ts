import { createCodec, type Codec } from './codec.ts'
import type { Vendor } from './topics.ts'

/** One webhook as it arrived: what raw_webhooks.avsc describes. */
export interface RawWebhook {
  readonly raw_id: string
  readonly vendor: Vendor
  readonly business: string
  readonly source: string
  readonly topic: string | null
  readonly delivery_id: string | null
  /** Epoch milliseconds. */
  readonly received_at: number
  readonly remote_address: string
  readonly hmac: 'off' | 'absent' | 'valid' | 'invalid'
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export const rawWebhookCodec: Codec<RawWebhook> = createCodec('raw_webhooks')
