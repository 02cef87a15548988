import { choice, optional, required, type Row } from './define/field.ts'
import { defineRecord } from './define/record.ts'
import { vendors } from './vendors.ts'

export const receipts = defineRecord({
  name: 'receipts',
  meaning: 'What became of each raw record',
  table: { orderBy: ['source', 'received_at', 'raw_id'], partitionBy: 'toYYYYMM(received_at)', version: 'transformed_at' },
  fields: {
    raw_id: required('uuid', 'The raw record'),
    vendor: choice(vendors),
    business: required('keyword', 'Business of CONFIG_FILE'),
    source: required('keyword', 'Webhook source of CONFIG_FILE'),
    topic: optional('keyword', 'x-nector-topic'),
    delivery_id: optional('text', 'x-nector-delivery-id'),
    received_at: required('timestamp', 'When the webhook arrived'),
    transformed_at: required('timestamp', 'When the raw record was transformed'),
    raw_topic: required('keyword', 'Position of the raw record in the log: topic'),
    raw_partition: required('int', 'Position of the raw record in the log: partition'),
    raw_offset: required('long', 'Position of the raw record in the log: offset'),
    event_ids: required('uuids', 'Events that the raw record became'),
    records: required('counts', 'Number of records by table'),
    unreadable: required('counts', 'Number of values that could not be read, by table and field, such as orders.updated_at: null in their column, as sent in extra'),
    dead_letters: required('int', 'Events that became dead letters'),
    dead_letter_ids: required('uuids', 'Dead letters that the raw record became, one an event; a bad event that came twice has the same id twice')
  }
})

/** What became of one raw record. */
export type Receipt = Row<typeof receipts.fields>
