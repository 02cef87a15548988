import { optional, required } from './define/field.ts'
import type { Table } from './define/record.ts'

/** The columns that every event record begins with. */
export const eventColumns = {
  event_id: required('uuid', 'Deterministic id of the event: the same event sent again has the same id'),
  business: required('keyword', 'Business of CONFIG_FILE'),
  source: required('keyword', 'Webhook source of CONFIG_FILE'),
  topic: required('keyword', 'Nector: x-nector-topic; Netcore: the channel'),
  delivery_id: optional('text', 'x-nector-delivery-id'),
  occurred_at: required('timestamp', 'When the event happened at the vendor'),
  day: required('date', 'Day of occurred_at in the time zone of the business'),
  received_at: required('timestamp', 'When the webhook arrived'),
  raw_topic: required('keyword', 'Position of the raw record in the log: topic'),
  raw_partition: required('int', 'Position of the raw record in the log: partition'),
  raw_offset: required('long', 'Position of the raw record in the log: offset'),
  raw_index: required('int', 'Index of the event within its webhook, from 0')
}

export const extraColumn = { extra: required('map', 'Fields that have no column, by their path', { personal: true }) }

/** Of repetitions the one that arrived first stays, so that a repetition changes nothing; of equals the one loaded last. */
export const precedence = {
  precedence: { type: 'UInt64', expression: 'toUInt64(9999999999999 - toUnixTimestamp64Milli(received_at))', meaning: 'Greatest for what arrived first' }
} satisfies NonNullable<Table['materialized']>
