import { codecs } from '../schemas/codecs.ts'
import type { RawWebhook } from '../schemas/raw-webhooks.ts'
import { deadLettersTopic } from '../schemas/topics.ts'
import type { LogRecord } from '../log/log-writer.ts'
import type { AppError } from '../runtime/errors.ts'
import { letterIdOfBody } from '../vendors/dead-letter-id.ts'

/**
 * The dead letter of an authenticated webhook whose body cannot be read: its bytes are kept, to be replayed after a fix. One per source and
 * content, however often it is sent. It never was in a raw topic, so its position is -1.
 */
export function malformedBody (raw: Omit<RawWebhook, 'raw_id'>, error: AppError): LogRecord {
  const id = letterIdOfBody(raw)
  const { vendor, business, source, topic, delivery_id, received_at: receivedAt, body } = raw
  const value = codecs.dead_letters.encode({
    dead_letter_id: id,
    vendor,
    business,
    source,
    topic,
    delivery_id,
    stage: 'ingest',
    code: error.code,
    reason: error.message.slice(0, 2000).toWellFormed(),
    received_at: receivedAt,
    failed_at: receivedAt,
    raw_id: null,
    log_topic: '',
    log_partition: -1,
    log_offset: -1,
    log_index: -1,
    payload: body
  })
  return { topic: deadLettersTopic, key: id, value, timestamp: receivedAt }
}
