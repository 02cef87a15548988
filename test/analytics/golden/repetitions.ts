import { randomUUID } from 'node:crypto'
import { createRandom } from '../../../simulator/shop/random.ts'
import type { RawWebhook } from '../../../schemas/raw-webhooks.ts'

const hour = 3_600_000

/** Each webhook three times: as it was, the same delivery an hour later, and the same content yet an hour later under a new delivery id. */
export function withRepetitions (webhooks: readonly RawWebhook[]): RawWebhook[] {
  return webhooks.flatMap((webhook) => [webhook, later(webhook, hour, webhook.delivery_id), later(webhook, 2 * hour, webhook.delivery_id === null ? null : randomUUID())])
}

/** As a vendor's retry: what the headers and our clock say of time has moved. */
function later (webhook: RawWebhook, by: number, delivery: string | null): RawWebhook {
  const received = webhook.received_at + by
  return { ...webhook, raw_id: randomUUID(), received_at: received, delivery_id: delivery, headers: { ...webhook.headers, 'x-nector-timestamp': String(received) } }
}

export function shuffled<T> (items: readonly T[], seed: number): T[] {
  const random = createRandom(seed)
  return items.map((item) => ({ item, place: random.next() })).sort((a, b) => a.place - b.place).map(({ item }) => item)
}
