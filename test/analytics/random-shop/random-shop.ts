import { createRandom, type Random } from '../../../simulator/shop/random.ts'
import type { BusinessConfig } from '../../../config/businesses.ts'
import type { RawWebhook } from '../../../schemas/raw-webhooks.ts'
import { randomBusinesses } from './businesses.ts'
import { randomNector } from './nector.ts'
import { randomActivity } from './netcore.ts'
import { randomPeople, type Identities } from './people.ts'
import { createArrivals } from './times.ts'

/** A shop of two businesses that has everything against us, and the same for the same seed. */
export interface RandomShop {
  readonly seed: number
  readonly businesses: readonly BusinessConfig[]
  /** In the order of loading, which is any. */
  readonly webhooks: readonly RawWebhook[]
}

export function randomShop (seed: number, identities: Identities): RandomShop {
  const random = createRandom(seed)
  const businesses = randomBusinesses(random, `${identities}${seed}`)
  const people = randomPeople(random)
  const arrival = createArrivals(random)
  const webhooks: RawWebhook[] = []

  for (const business of businesses) {
    for (const { id } of business.nector) {
      for (let count = random.integer(20, 70); count > 0; count--) {
        const { topic, payload } = randomNector({ random, people, identities })
        webhooks.push(nectorWebhook(random, business.id, id, topic, payload, arrival()))
      }
    }
    for (const source of business.netcore) {
      for (let count = random.integer(5, 15); count > 0; count--) {
        const actions = Array.from({ length: random.integer(1, 5) }, () => randomActivity({ random, people, identities }, source))
        // each journey that a user is in sends the same action
        const activities = [...actions, ...actions.filter(() => random.chance(0.15)).map((action) => ({ ...action, journey_name: random.pick(['welcome', 'cart', 'lapsed']), webhook_name: 'another hook' }))]
        // the same panel at two sources, and twice in a batch
        const batch = { panel: activities, other: random.chance(0.2) ? activities.slice(0, 1) : [] }
        webhooks.push(webhook(random, { vendor: 'netcore', business: business.id, source: source.id, received_at: arrival(), headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: formBody(batch) }))
      }
    }
  }
  return { seed, businesses, webhooks: shuffled(random, [...webhooks, ...webhooks.flatMap((original) => repetitions(random, original, arrival))]) }
}

/** Again: the same delivery, the same content under a new delivery id or in another order of keys, at another time. */
function repetitions (random: Random, original: RawWebhook, arrival: () => number): RawWebhook[] {
  if (random.chance(0.5)) return []
  const later = arrival()
  const again = { ...original, raw_id: random.uuid(), received_at: later, headers: original.headers['x-nector-timestamp'] === undefined ? original.headers : { 'x-nector-timestamp': String(later) } }
  if (original.vendor === 'netcore') return [{ ...again, body: reordered(original.body) }]
  return [random.chance(0.5) || original.delivery_id === null ? again : { ...again, delivery_id: random.uuid() }]
}

function nectorWebhook (random: Random, business: string, source: string, topic: string, payload: object, receivedAt: number): RawWebhook {
  return webhook(random, {
    vendor: 'nector',
    business,
    source,
    topic,
    received_at: receivedAt,
    delivery_id: random.chance(0.9) ? random.uuid() : null,
    headers: random.chance(0.8) ? { 'x-nector-timestamp': random.pick([String(receivedAt), String(Math.floor(receivedAt / 1000))]) } : {},
    body: Buffer.from(JSON.stringify(payload))
  })
}

function webhook (random: Random, given: Pick<RawWebhook, 'vendor' | 'business' | 'source' | 'received_at' | 'body'> & Partial<RawWebhook>): RawWebhook {
  return { raw_id: random.uuid(), topic: null, delivery_id: null, remote_address: '203.0.113.7', hmac: 'off', headers: {}, ...given }
}

function formBody (batch: unknown): Buffer {
  return Buffer.from(new URLSearchParams({ data: JSON.stringify(batch) }).toString())
}

/** The activities of a batch from last to first, the keys of each as well. */
function reordered (body: Buffer): Buffer {
  const batch = JSON.parse(new URLSearchParams(body.toString()).get('data') ?? '') as Record<string, Array<Record<string, unknown>>>
  return formBody(Object.fromEntries(Object.entries(batch).map(([panel, activities]) =>
    [panel, activities.map((activity) => Object.fromEntries(Object.entries(activity).reverse())).reverse()])))
}

function shuffled<T> (random: Random, items: readonly T[]): T[] {
  return items.map((item) => ({ item, place: random.next() })).sort((a, b) => a.place - b.place).map(({ item }) => item)
}
