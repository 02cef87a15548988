import type { RawWebhook } from '../../../schemas/raw-webhooks.ts'
import { canonicalText } from '../../../vendors/event-id.ts'
import { isRefused } from './nector-events.ts'
import { greatest, groupBy, objectOf, timeText, type Payload, type Row } from './values.ts'

const dayMs = 24 * 3_600_000

/** All but last_loaded_at, which is of our making. `now`: epoch milliseconds at which it is asked. */
export function pipelineHealth (webhooks: readonly RawWebhook[], now: number): Row[] {
  return [...groupBy(webhooks, ({ source }) => source)].map(([source, own]) => {
    const recent = own.filter(({ received_at: at }) => at > now - dayMs)
    const arrivals = recent.flatMap(eventsOf)
    const events = new Set(arrivals)
    const refusals = recent.flatMap(refusedOf)
    const letters = new Set(refusals)
    return {
      source,
      last_received_at: timeText(greatest(own.map(({ received_at: at }) => at))),
      events_24h: events.size,
      dead_letters_24h: letters.size,
      duplicates_24h: arrivals.length + refusals.length - events.size - letters.size
    }
  })
}

/** The dead letters of a webhook by what makes them one: source, topic and content, whatever the delivery. */
function refusedOf (raw: RawWebhook): string[] {
  return raw.vendor === 'nector' && eventsOf(raw).length === 0 ? [JSON.stringify([raw.source, raw.topic, canonicalText(JSON.parse(raw.body.toString()))])] : []
}

/** The events of a webhook by what makes them one: the delivery, or the content. */
function eventsOf ({ vendor, topic, delivery_id: delivery, body }: RawWebhook): string[] {
  if (vendor === 'nector') {
    const payload = objectOf(JSON.parse(body.toString()))
    return isRefused(topic ?? '', payload) ? [] : [JSON.stringify([topic, delivery ?? canonicalText(payload)])]
  }
  const batch = objectOf(JSON.parse(new URLSearchParams(body.toString()).get('data') ?? ''))
  return Object.entries(batch).flatMap(([panel, contents]) => (contents as readonly Payload[]).map((content) => `${panel} ${canonicalText(content)}`))
}
