import { randomUUID } from 'node:crypto'
import type { RawWebhook } from '../../../schemas/raw-webhooks.ts'

/** `10 23:59:59` of January 2024 in India, as ISO 8601. */
export function indian (time: string): string {
  const [day, clock = ''] = time.split(' ')
  return `2024-01-${day}T${clock.length === 5 ? `${clock}:00` : clock}+05:30`
}

/** The times of a record that was created and, where it says so, changed later. */
export function made (created: string, updated = created): object {
  return { created_at: indian(created), updated_at: indian(updated) }
}

let deliveries = 0

/** A webhook of Nector, sent and received at a time. */
export function nector (at: string, topic: string, payload: object, delivery = `delivery-${deliveries++}`): RawWebhook {
  return { ...webhook(at), vendor: 'nector', source: 'chai-nector', topic, delivery_id: delivery, body: Buffer.from(JSON.stringify(payload)) }
}

export function activity (at: string, id: number, identity: string, payload?: object, guid?: string): object {
  const ts = Number(indian(at).slice(2, 19).replace(/\D/g, ''))
  return { channel: 'custom_activity', event_params: { ts, activity_id: id, identity, guid }, payload_params: payload }
}

/** A webhook of Netcore, received at a time. */
export function batch (at: string, ...activities: readonly object[]): RawWebhook {
  return { ...webhook(at), vendor: 'netcore', source: 'chai-netcore', topic: null, delivery_id: null, body: Buffer.from(new URLSearchParams({ data: JSON.stringify({ panel: activities }) }).toString()) }
}

function webhook (at: string): Omit<RawWebhook, 'vendor' | 'source' | 'topic' | 'delivery_id' | 'body'> {
  const received = Date.parse(indian(at))
  return {
    raw_id: randomUUID(),
    business: 'chai',
    received_at: received,
    remote_address: '203.0.113.7',
    hmac: 'off',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-nector-timestamp': String(received) }
  }
}
