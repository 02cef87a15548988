import type { RawWebhook } from '../../schemas/raw-webhooks.ts'
import { eventColumns } from '../event-columns.ts'
import { letterIdOfBytes, letterIdOfContent } from '../dead-letter-id.ts'
import { canonicalText, deterministicId } from '../event-id.ts'
import { isPlainObject } from '../json/json-text.ts'
import { textMapOf } from '../extra.ts'
import { fieldReaders, isAbsent, preview } from '../fields.ts'
import { identityReadings } from '../identifiers.ts'
import { payloadReader, type Payload } from '../payload-reader.ts'
import { activities } from '../../schemas/activities.ts'
import type { EventOutcome, Position, TypedRecord } from '../event-outcome.ts'
import { faultOfSize } from '../event-size.ts'
import type { NetcoreSource } from '../source.ts'
import { readItems } from './items.ts'
import { instantOfTs } from './time.ts'

/** Parameters that the activity reads itself, beside the fields of its record. */
const readFields = payloadReader(activities.fields, { elsewhere: ['custom_params', 'att_params', 'payload_params', 'event_params.ts', 'event_params.activity_id'] })
const noParameters: Payload = {}

/** The batch that an activity came in, and where. */
export interface ActivityContext {
  readonly raw: RawWebhook
  readonly position: Position
  readonly source: NetcoreSource
  readonly panel: string
  /** Of the activity in its batch. */
  readonly index: number
}

/** One activity of a batch: its record and one a product in it. */
export function readActivity (activity: unknown, { raw, position, source, panel, index }: ActivityContext): EventOutcome {
  const reject = (code: 'PAYLOAD_MALFORMED' | 'FIELD_INVALID', reason: string): EventOutcome =>
    ({ kind: 'dead-letter', letterId: letterIdOfContent(raw, panel, activity, index), code, reason, index, payload: activityBytes(activity) })

  if (!isPlainObject(activity)) return reject('PAYLOAD_MALFORMED', `expected an activity, an object, got ${preview(activity)}`)
  const fault = faultOfSize(activity)
  if (fault !== undefined) {
    const payload = activityBytes(activity)
    return { kind: 'dead-letter', letterId: letterIdOfBytes(raw, panel, payload, index), code: fault.code, reason: fault.reason, index, payload }
  }

  const given = activity['event_params']
  // Unknown channels are kept; without channel and parameters nothing has happened.
  if (!isPlainObject(given) && isAbsent(activity['channel'])) return reject('PAYLOAD_MALFORMED', `expected event_params, an object, or a channel, got ${preview(given ?? null)} and none`)
  const parameters = isPlainObject(given) ? given : noParameters
  const reading = readFields(activity)
  const ts = fieldReaders.integer.read(parameters['ts'])
  const instant = ts === null ? raw.received_at : ts === undefined ? undefined : instantOfTs(ts, source.sourceClock)
  if (ts === undefined || instant === undefined) return reject('FIELD_INVALID', `event_params.ts: expected a time as yyMMddHHmmss, got ${preview(parameters['ts'])}`)

  const items = readItems(activity['payload_params'])

  const { eventId, actionId } = idsOf(activity, panel, ts !== null)
  const { row, extra } = reading
  const columns = eventColumns(raw, position, source.businessClock, { eventId, topic: row.channel ?? '', occurredAt: instant, index })
  const { emailHash, mobileHash, customerId } = identityReadings(row.identity, source)
  // Object.assign: spreading this many columns costs more than the rest of an activity.
  const shared = Object.assign({ panel, activity_id: fieldReaders.text.read(parameters['activity_id']) ?? '', ts: ts ?? 0 }, columns)
  const record: TypedRecord = {
    record: 'activities',
    key: eventId,
    value: Object.assign(row, {
      action_id: actionId,
      identity_email_hash: emailHash,
      identity_mobile_hash: mobileHash,
      identity_customer_id: customerId,
      att_params: textMapOf(activity['att_params'], 'att_params', extra),
      custom_params: textMapOf(activity['custom_params'], 'custom_params', extra),
      payload_params: textMapOf(items.parameters, 'payload_params', extra),
      extra
    }, shared)
  }
  const records = items.items.map(({ row: item, extra }, index): TypedRecord => ({
    record: 'activity_items',
    key: eventId,
    value: Object.assign(item, { item_index: index, identity: row.identity, guid: row.guid, extra }, shared)
  }))
  const unreadable = reading.unreadable.map(({ path }) => `activities.${path}`)
  for (const item of items.items) for (const { path } of item.unreadable) unreadable.push(`activity_items.${path}`)
  return { kind: 'records', eventId, records: [record, ...records], unreadable }
}

/**
 * Neither msgid nor any other field is unique, so equal content in a panel is the same activity (domain.md). Each journey that the user is in
 * sends the same action under its own names and parameters: an action is what its channel, event_params and payload_params say. Without a
 * time of its own every activity is an action, as nothing tells two of them apart.
 */
function idsOf (activity: Readonly<Record<string, unknown>>, panel: string, isDated: boolean): { readonly eventId: string, readonly actionId: string } {
  const { channel, event_params: event, payload_params: payload, ...journey } = activity
  const action = deterministicId('netcore-action', panel, canonicalText([channel, event, payload]))
  const eventId = deterministicId('netcore', action, canonicalText(journey))
  return { eventId, actionId: isDated ? action : eventId }
}

/** An activity as JSON. Empty if it is nested too deep even for that: its bytes are then only in the raw webhook. */
export function activityBytes (activity: unknown): Buffer {
  try {
    return Buffer.from(JSON.stringify(activity))
  } catch (error) {
    if (error instanceof RangeError) return Buffer.alloc(0)
    throw error
  }
}
