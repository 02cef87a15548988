import { choice, optional, required, type Row } from './define/field.ts'
import { defineRecord } from './define/record.ts'

/** One row a bad event. The latest failure stays: its code and reason are those of the code that runs, and its place in the log is still there. */
export const deadLetters = defineRecord({
  name: 'dead_letters',
  meaning: 'Events that no table takes, with what is needed to replay them',
  table: { orderBy: ['dead_letter_id'], version: 'failed_at' },
  fields: {
    dead_letter_id: required('uuid', 'From source and content: the same event sent again has the same id'),
    vendor: optional('keyword', 'nector or netcore'),
    business: optional('keyword', 'Business of CONFIG_FILE'),
    source: optional('keyword', 'Webhook source of CONFIG_FILE'),
    topic: optional('keyword', 'x-nector-topic'),
    delivery_id: optional('text', 'x-nector-delivery-id'),
    stage: choice(['ingest', 'transform', 'load']),
    code: required('keyword', 'Code of the error table'),
    reason: required('text', 'What was expected and what was got'),
    received_at: optional('timestamp', 'When the webhook arrived'),
    failed_at: required('timestamp', 'When it failed'),
    raw_id: optional('uuid', 'The raw record, where it is known'),
    log_topic: required('keyword', 'Position of the failed record in the log: topic; empty at stage ingest'),
    log_partition: required('int', 'Position of the failed record in the log: partition; -1 at stage ingest'),
    log_offset: required('long', 'Position of the failed record in the log: offset; -1 at stage ingest'),
    log_index: required('int', 'Index of the event within its webhook, from 0; -1 where the whole record failed'),
    payload: required('bytes', 'What failed: the body byte for byte at the stages ingest and transform, or the one activity of a batch as JSON (the batch itself is in raw_webhooks under raw_id); the framed Avro record at stage load', { personal: true })
  }
})

/** An event that no table takes. */
export type DeadLetter = Row<typeof deadLetters.fields>

/** Columns of a dead letter whose webhook is unknown. */
export const unknownWebhook = {
  vendor: null,
  business: null,
  source: null,
  topic: null,
  delivery_id: null,
  raw_id: null,
  log_index: -1
} as const satisfies Partial<DeadLetter>
