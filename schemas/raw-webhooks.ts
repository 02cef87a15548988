import { choice, optional, required, type Row } from './define/field.ts'
import { defineRecord } from './define/record.ts'
import { vendors } from './vendors.ts'

export const rawWebhooks = defineRecord({
  name: 'raw_webhooks',
  meaning: 'Webhooks as they arrived, byte for byte',
  table: { orderBy: ['source', 'received_at', 'raw_id'], partitionBy: 'toYYYYMM(received_at)', version: 'loaded_at' },
  fields: {
    raw_id: required('uuid', 'Given at the edge'),
    vendor: choice(vendors),
    business: required('keyword', 'Business of CONFIG_FILE'),
    source: required('keyword', 'Webhook source of CONFIG_FILE'),
    topic: optional('keyword', 'x-nector-topic'),
    delivery_id: optional('text', 'x-nector-delivery-id'),
    received_at: required('timestamp', 'When the webhook arrived'),
    remote_address: required('text', 'Address of the sender'),
    hmac: choice(['off', 'absent', 'valid', 'invalid']),
    headers: required('map', 'Headers that matter; never credentials'),
    body: required('bytes', 'The body, byte for byte', { personal: true })
  }
})

/** One webhook as it arrived. */
export type RawWebhook = Row<typeof rawWebhooks.fields>
