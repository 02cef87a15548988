import { describe, expect, test, vi } from 'vitest'
import type { Shop } from '../../simulator/shop/create-shop.ts'
import type { SimulatedWebhook } from '../../simulator/webhook.ts'
import type { RawWebhook } from '../../schemas/raw-webhooks.ts'
import type { TypedRecord } from '../../vendors/event-outcome.ts'
import { createSources } from '../../vendors/source.ts'
import { transform } from '../../transform/transform.ts'
import { shopConfig, testShop } from './simulation-fixture.ts'

// Thousands of events take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const nowhere = { topic: 'raw', partition: 0, offset: 0 }

interface Typed {
  readonly shop: Shop
  readonly ids: ReadonlySet<string>
  readonly records: readonly TypedRecord[]
  readonly deadLetters: readonly string[]
}

/** What the transform makes of a shop's webhooks. */
function typed (config: ReturnType<typeof shopConfig>, events: number): Typed {
  const shop = testShop({ config, events })
  const sources = createSources(config.businesses)
  const ids = new Set<string>()
  const records: TypedRecord[] = []
  const deadLetters: string[] = []
  for (const webhook of shop) {
    const outcome = transform(rawOf(webhook), nowhere, sources, 0)
    for (const id of outcome.receipt.event_ids) ids.add(id)
    records.push(...outcome.records)
    deadLetters.push(...outcome.deadLetters.map(({ code, reason }) => `${code} ${reason}`))
  }
  return { shop, ids, records, deadLetters }
}

function rawOf ({ vendor, source, headers, body, topic, deliveryId, sendAt }: SimulatedWebhook): RawWebhook {
  return {
    raw_id: '', vendor, business: 'acme', source, topic, delivery_id: deliveryId, received_at: sendAt, remote_address: '127.0.0.1', hmac: 'off', headers, body: Buffer.from(body)
  }
}

describe('the transform', () => {
  const { shop, ids, records, deadLetters } = typed(shopConfig(), 10_000)
  const expected = shop.expected()

  test('takes everything', () => {
    expect(deadLetters).toEqual([])
  })

  test('finds each event once, but for the repeats under a new delivery id', () => {
    const renewed = new Set(records.filter(({ record }) => record !== 'activities' && record !== 'activity_items').map(({ value }) => value['event_id'])).size
    const nector = Object.values(expected.topics).reduce((sum, count) => sum + count, 0)
    expect(expected.events).toBe(10_000)
    expect(ids.size - (renewed - nector)).toBe(10_000)
    expect(new Set(records.filter(({ record }) => record === 'activities').map(({ value }) => value['event_id'])).size).toBe(expected.activities)
  })

  test.each([
    ['coin_transactions', 'walletreward_create', expected.coins.transactions],
    ['orders', 'order_create', expected.orders.placed],
    ['referrals', 'refereenotify_create', expected.referrals.created],
    ['referrals', 'referrernotify_create', expected.referrals.completed],
    ['referrals', 'incompletereferralrequest_create', expected.referrals.nudged],
    ['leads', 'lead_create', expected.leads],
    ['coupons', 'coupon_create', expected.coupons.issued],
    ['reviews', 'review_create', expected.reviews]
  ])('has as many %s by %s as the shop expects, by business key', (record, topic, count) => {
    const keys = new Set(records.filter((one) => one.record === record && one.value.topic === topic).map(({ key }) => key))
    expect(count).toBeGreaterThan(0)
    expect(keys.size).toBe(count)
  })

  test('sees items as arrays, as bare parameters, and none in a search', () => {
    const items = records.flatMap((typed) => typed.record === 'activity_items' ? [typed.value] : [])
    expect(items.length).toBeGreaterThan(1_000)
    expect(items.every(({ prid, price }) => prid !== null && price !== null)).toBe(true)
    expect(new Set(items.map((item) => item.item_index)).size).toBeGreaterThan(2)
  })
})

test.each(['Asia/Kolkata', 'UTC', 'America/New_York', 'Asia/Kathmandu'])('ts is read back as the moment of the activity in %s', (timezone) => {
  const config = shopConfig({ timezone })
  const { records, shop } = typed(config, 1_000)
  const activities = records.filter(({ record }) => record === 'activities')
  expect(activities.length).toBeGreaterThan(400)
  // An activity is sent within minutes or, if late, hours; with a wrong zone it would come from the future, or all be hours old.
  const ages = activities.map(({ value }) => value.received_at - value.occurred_at).toSorted((one, two) => one - two)
  expect(ages[0]).toBeGreaterThan(-10_000)
  expect(ages[Math.floor(ages.length / 2)]).toBeLessThan(15 * 60_000)
  expect(shop.expected().activities).toBe(new Set(activities.map(({ key }) => key)).size)
})
