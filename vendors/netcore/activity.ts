import { z } from 'zod'
import type { RawWebhook } from '../../schemas/raw-webhook.ts'
import { eventColumns } from '../event-columns.ts'
import { letterIdOfBytes, letterIdOfContent } from '../dead-letter-id.ts'
import { canonicalText, deterministicId } from '../event-id.ts'
import { isPlainObject } from '../json/json-text.ts'
import { keep, textMapOf, type TextMap } from '../extra.ts'
import { integer, isAbsent, preview, text } from '../fields.ts'
import type { EventOutcome, Position, TypedRecord } from '../event-outcome.ts'
import { faultOfSize } from '../event-size.ts'
import type { NetcoreSource } from '../source.ts'
import { isBareItem, readItem, type ItemReading } from './item.ts'
import { instantOfTs } from './time.ts'

const envelope = z.object({ channel: text, msgid: text, webhook_name: text, journey_name: text })
const eventParameters = z.object({
  activity_source: text, ts: integer, activity_id: text, foreignkey: text, identity: text, asset_name: text, asset_id: text, guid: text
})
const envelopeNames = new Set([...Object.keys(envelope.shape), 'custom_params', 'att_params', 'payload_params', 'event_params'])
const eventParameterNames = new Set(Object.keys(eventParameters.shape))
const noParameters: Readonly<Record<string, unknown>> = {}

/** One activity of a batch: its record and one a product in it. */
export function readActivity (activity: unknown, panel: string, index: number, raw: RawWebhook, position: Position, source: NetcoreSource): EventOutcome {
  const reject = (code: 'PAYLOAD_MALFORMED' | 'FIELD_INVALID', reason: string): EventOutcome =>
    ({ kind: 'dead-letter', letterId: letterIdOfContent(raw, panel, activity, index), code, reason, index, payload: activityBytes(activity) })

  if (!isPlainObject(activity)) return reject('PAYLOAD_MALFORMED', `expected an activity, an object, got ${preview(activity)}`)
  const fault = faultOfSize(activity)
  if (fault !== undefined) {
    const payload = activityBytes(activity)
    return { kind: 'dead-letter', letterId: letterIdOfBytes(raw, panel, payload, index), code: fault.code, reason: fault.reason, index, payload }
  }

  const given = activity['event_params']
  // Channels that we do not know are kept; what has neither a channel nor parameters is nothing that happened.
  if (!isPlainObject(given) && isAbsent(activity['channel'])) return reject('PAYLOAD_MALFORMED', `expected event_params, an object, or a channel, got ${preview(given ?? null)} and none`)
  const parameters = isPlainObject(given) ? given : noParameters
  const head = envelope.parse(activity)
  const event = eventParameters.safeParse(parameters)
  if (!event.success) return reject('FIELD_INVALID', event.error.issues.map((issue) => `event_params.${issue.path.map(String).join('.')}: ${issue.message}`).join('; '))
  const ts = event.data.ts
  const instant = ts === null ? raw.received_at : instantOfTs(ts, source.sourceClock)
  if (instant === undefined) return reject('FIELD_INVALID', `event_params.ts: expected a time as yyMMddHHmmss, got ${ts}`)

  const items = readItems(activity['payload_params'])
  if ('reason' in items) return reject('FIELD_INVALID', items.reason)

  // Neither msgid nor anything else that is sent is unique, so equal content of a panel is the same activity (domain.md).
  const eventId = deterministicId('netcore', panel, canonicalText(activity))
  const columns = eventColumns(raw, position, source.businessClock, { eventId, topic: head.channel ?? '', occurredAt: instant, index })
  const extra = extraOf(activity, given)
  const fields = event.data
  // Object.assign, as spreading this many columns takes more time than all the rest of an activity.
  const shared = Object.assign({ panel, activity_id: fields.activity_id ?? '', ts: ts ?? 0 }, columns)
  const record: TypedRecord = {
    record: 'activities',
    key: eventId,
    value: Object.assign({
      channel: head.channel,
      msgid: head.msgid,
      webhook_name: head.webhook_name,
      journey_name: head.journey_name,
      activity_source: fields.activity_source,
      foreignkey: fields.foreignkey,
      identity: fields.identity,
      asset_name: fields.asset_name,
      asset_id: fields.asset_id,
      guid: fields.guid,
      att_params: textMapOf(activity['att_params'], 'att_params', extra),
      custom_params: textMapOf(activity['custom_params'], 'custom_params', extra),
      payload_params: textMapOf(items.parameters, 'payload_params', extra),
      extra
    }, shared)
  }
  const records = items.items.map(({ values, extra }, index): TypedRecord => ({
    record: 'activity_items',
    key: eventId,
    value: Object.assign({
      item_index: index,
      identity: fields.identity,
      guid: fields.guid,
      prid: values.prid,
      prqt: values.prqt,
      price: values.price,
      name: values.name,
      category: values.category,
      brand: values.brand,
      variant: values.variant,
      image: values.image,
      produrl: values.produrl,
      currency: values.currency,
      dateofpurchase: values.dateofpurchase,
      extra
    }, shared)
  }))
  return { kind: 'records', eventId, records: [record, ...records] }
}

/** An activity as JSON. Empty where it is nested too deep even for that: its bytes are then in the raw webhook alone. */
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
  /** What is no item; whatever shape it has. */
  readonly parameters: unknown
}

/** The products of an activity: its `items`, or the one that its own parameters give. */
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

function extraOf (activity: Readonly<Record<string, unknown>>, eventParams: unknown): TextMap {
  const extra: TextMap = {}
  for (const [key, value] of Object.entries(activity)) if (!envelopeNames.has(key)) keep(extra, key, value)
  if (isPlainObject(eventParams)) {
    for (const [key, value] of Object.entries(eventParams)) if (!eventParameterNames.has(key)) keep(extra, `event_params.${key}`, value)
  } else {
    keep(extra, 'event_params', eventParams)
  }
  return extra
}
