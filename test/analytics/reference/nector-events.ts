import type { RawWebhook } from '../../../schemas/raw-webhooks.ts'
import { canonicalText } from '../../../vendors/event-id.ts'
import { objectOf, textOf, timeOf, type Payload } from './values.ts'

export interface NectorEvent {
  readonly business: string
  readonly topic: string
  readonly payload: Payload
  readonly meta: Payload
  readonly sentAt: number | null
  readonly receivedAt: number
}

const coinTopics = ['walletreward_create', 'wallettrasaction_update', 'wallettransaction_update']

/** What moves no coins in a known direction is no movement (it becomes a dead letter). */
export function isRefused (topic: string, payload: Payload): boolean {
  return coinTopics.includes(topic) && (textOf(payload['amount']) === null || !['cr', 'dr'].includes(textOf(payload['operation']) ?? ''))
}

/** Every Nector event once, as it arrived first: an event is its delivery id, or its content where it has none. */
export function nectorEvents (webhooks: readonly RawWebhook[]): NectorEvent[] {
  const first = new Map<string, NectorEvent>()
  for (const raw of webhooks) {
    if (raw.vendor !== 'nector') continue
    const payload = objectOf(JSON.parse(raw.body.toString()))
    const topic = raw.topic ?? ''
    if (isRefused(topic, payload)) continue
    const identity = JSON.stringify([raw.source, topic, raw.delivery_id ?? '', raw.delivery_id === null ? canonicalText(payload) : ''])
    const known = first.get(identity)
    if (known !== undefined && known.receivedAt <= raw.received_at) continue
    first.set(identity, {
      business: raw.business, topic, payload, meta: objectOf(payload['meta']), sentAt: timeOf(raw.headers['x-nector-timestamp']), receivedAt: raw.received_at
    })
  }
  return [...first.values()]
}

/** When it happened: when the record last changed, else when it was created, else when the webhook was sent, else when it came. */
export function happenedAt ({ payload, sentAt, receivedAt }: NectorEvent): number {
  return timeOf(payload['updated_at']) ?? timeOf(payload['created_at']) ?? sentAt ?? receivedAt
}
