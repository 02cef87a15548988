import type { RawWebhook } from '../../schemas/raw-webhooks.ts'
import { eventColumns } from '../event-columns.ts'
import { letterIdOfBody, letterIdOfContent } from '../dead-letter-id.ts'
import { canonicalText, deterministicId } from '../event-id.ts'
import { isPlainObject } from '../json/json-text.ts'
import { instantFromText, isAbsent, preview } from '../fields.ts'
import type { EventOutcome, Position } from '../event-outcome.ts'
import { faultOfSize } from '../event-size.ts'
import { parseNectorBody } from './body.ts'
import type { NectorSource } from '../source.ts'
import { coinExpiry } from './records/coin-expiry.ts'
import { coinTransaction } from './records/coin-transaction.ts'
import { coupon } from './records/coupon.ts'
import { lead } from './records/lead.ts'
import type { NectorRecord } from './records/nector-record.ts'
import { order } from './records/order.ts'
import { otherEvent } from './records/other-event.ts'
import { referral } from './records/referral.ts'
import { review } from './records/review.ts'
import { reviewRequest } from './records/review-request.ts'

const records: readonly NectorRecord[] = [lead, coupon, coinTransaction, review, order, reviewRequest, referral, coinExpiry]
const recordOfTopic = new Map(records.flatMap((record) => record.topics.map((topic) => [topic, record])))

/** Topics with a record of their own; any other becomes `other_events`. */
export const knownNectorTopics: readonly string[] = [...recordOfTopic.keys()]

/** The event of a Nector webhook: one a request. */
export function readNectorEvent (raw: RawWebhook, position: Position, source: NectorSource): EventOutcome {
  let payload: unknown
  const reject = (code: 'PAYLOAD_MALFORMED' | 'PAYLOAD_TOO_DEEP' | 'EVENT_TOO_LARGE' | 'TOPIC_MISSING' | 'FIELD_INVALID', reason: string): EventOutcome => {
    const letterId = payload === undefined ? letterIdOfBody(raw) : letterIdOfContent(raw, '', payload, 0)
    return { kind: 'dead-letter', letterId, code, reason, index: 0, payload: raw.body }
  }

  try {
    payload = parseNectorBody(raw.body)
  } catch (error) {
    return reject('PAYLOAD_MALFORMED', `expected JSON, got ${error instanceof Error ? error.message : String(error)}`)
  }
  if (!isPlainObject(payload)) return reject('PAYLOAD_MALFORMED', `expected an object, got ${preview(payload)}`)
  const fault = faultOfSize(payload)
  if (fault !== undefined) {
    // too large for canonical text: its bytes identify it
    payload = undefined
    return reject(fault.code, fault.reason)
  }
  if (isAbsent(raw.topic)) return reject('TOPIC_MISSING', 'expected the header x-nector-topic, got none')

  const sentAt = instantFromText(raw.headers['x-nector-timestamp'] ?? '') ?? null
  const reading = (recordOfTopic.get(raw.topic) ?? otherEvent).read(payload, { topic: raw.topic, sentAt }, source)
  if ('reason' in reading) return reject('FIELD_INVALID', reading.reason)

  // the vendor's delivery id, else the content
  const eventId = isAbsent(raw.delivery_id)
    ? deterministicId('nector', raw.source, raw.topic, '', canonicalText(payload))
    : deterministicId('nector', raw.source, raw.topic, raw.delivery_id)
  const columns = eventColumns(raw, position, source.businessClock, {
    eventId, topic: raw.topic, occurredAt: reading.occurredAt ?? sentAt ?? raw.received_at, index: 0
  })
  const state = {
    record_key: reading.key ?? deterministicId(canonicalText(payload)),
    created_day: reading.createdAt === null ? null : source.businessClock.dayOf(reading.createdAt)
  }
  return { kind: 'records', eventId, records: [reading.complete(columns, state)], unreadable: reading.unreadable }
}
