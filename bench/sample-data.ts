import { randomUUID } from 'node:crypto'
import { createShop } from '../simulator/shop/create-shop.ts'
import { sourceConfigSchema, type BusinessConfig } from '../config/businesses.ts'
import type { RawWebhook } from '../schemas/raw-webhooks.ts'

export const secret = 'bench secret'
export const token = 'bench-token'

export const businesses: readonly BusinessConfig[] = sourceConfigSchema.parse({
  businesses: [{
    id: 'bench',
    currency: 'INR',
    coinValue: '0.10',
    timezone: 'Asia/Kolkata',
    nector: [{ id: 'bench-nector', secrets: [secret] }],
    netcore: [{ id: 'bench-netcore', tokens: [token], timezone: 'Asia/Kolkata', identity: 'email', activities: { 1: 'page_browse', 2: 'add_to_cart', 3: 'checkout', 103: 'product_search', 110: 'purchase' } }]
  }]
}).businesses

/** The raw records of a simulated shop: both vendors, as they come. */
export function shopRawRecords (events: number): RawWebhook[] {
  const endAt = Date.UTC(2026, 5, 30)
  const shop = createShop({ config: { businesses }, seed: 1, startAt: endAt - 30 * 24 * 3_600_000, endAt, events })
  return [...shop].map(({ vendor, source, topic, deliveryId, headers, body, sendAt }) => ({
    raw_id: randomUUID(),
    vendor,
    business: 'bench',
    source,
    topic,
    delivery_id: deliveryId,
    received_at: sendAt,
    remote_address: '127.0.0.1',
    hmac: 'valid',
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'x-nector-webhook-secret')),
    body: Buffer.from(body)
  }))
}

/** One large Netcore batch: the activities of a shop gathered into bodies of so many. */
export function netcoreBatches (records: readonly RawWebhook[], size: number): RawWebhook[] {
  const netcore = records.filter(({ vendor }) => vendor === 'netcore')
  const activities = netcore.flatMap(({ body }) => {
    const data = JSON.parse(new URLSearchParams(body.toString()).get('data') ?? '{}') as Record<string, unknown[]>
    return Object.values(data).flat()
  })
  const [first] = netcore
  if (first === undefined) return []
  return Array.from({ length: Math.floor(activities.length / size) }, (_, index) => ({
    ...first,
    raw_id: randomUUID(),
    body: Buffer.from(new URLSearchParams({ data: JSON.stringify({ panel: activities.slice(index * size, (index + 1) * size) }) }).toString())
  }))
}
