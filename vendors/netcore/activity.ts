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
import { isBareItem, readItem, type ItemReading } from './item.ts'
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
  if ('reason' in reading) return reject('FIELD_INVALID', reading.reason)
  const ts = fieldReaders.integer.read(parameters['ts'])
  const instant = ts === null ? raw.received_at : ts === undefined ? undefined : instantOfTs(ts, source.sourceClock)
  if (ts === undefined || instant === undefined) return reject('FIELD_INVALID', `event_params.ts: expected a time as yyMMddHHmmss, got ${preview(parameters['ts'])}`)

  const items = readItems(activity['payload_params'])
  if ('reason' in items) return reject('FIELD_INVALID', items.reason)

  // Neither msgid nor any other field is unique, so equal content in a panel is the same activity (domain.md).
  const eventId = deterministicId('netcore', panel, canonicalText(activity))
  const { row, extra } = reading
  const columns = eventColumns(raw, position, source.businessClock, { eventId, topic: row.channel ?? '', occurredAt: instant, index })
  const { emailHash, mobileHash, customerId } = identityReadings(row.identity, source.readMobile)
  // Object.assign: spreading this many columns costs more than the rest of an activity.
  const shared = Object.assign({ panel, activity_id: fieldReaders.text.read(parameters['activity_id']) ?? '', ts: ts ?? 0 }, columns)
  const record: TypedRecord = {
    record: 'activities',
    key: eventId,
    value: Object.assign(row, {
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
  return { kind: 'records', eventId, records: [record, ...records] }
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

interface Items {
  readonly items: readonly ItemReading[]
  /** The remaining parameters, whatever their shape. */
  readonly parameters: unknown
}

/** The products of an activity: its `items`, or the single one in its own parameters. */
function readItems (payload: unknown): Items | { readonly reason: string } {
  if (!isPlainObject(payload)) return { items: [], parameters: payload }
  const { items: list, ...parameters } = payload
  if (!Array.isArray(list)) return isBareItem(payload) ? readList([payload], payload, () => 'payload_params') : { items: [], parameters: payload }
  return readList(list, parameters, (index) => `payload_params.items[${index}]`)
}

function readList (list: readonly unknown[], parameters: unknown, path: (index: number) => string): Items | { readonly reason: string } {
  const items: ItemReading[] = []
  for (const [index, item] of list.entries()) {
    if (!isPlainObject(item)) return { reason: `${path(index)}: expected an item, an object, got ${preview(item)}` }
    const reading = readItem(item)
    if ('reason' in reading) return { reason: `${path(index)}.${reading.reason}` }
    items.push(reading)
  }
  return { items, parameters }
}
