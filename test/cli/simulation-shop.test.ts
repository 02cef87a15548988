import { createHash, createHmac } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import type { SimulatedWebhook } from '../../simulator/webhook.ts'
import { endAt, hmacSecret, nectorEvents, secret, shopConfig, startAt, testShop, token, type NectorEvent } from './simulation-fixture.ts'

// Thousands of events take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const webhooks: readonly SimulatedWebhook[] = [...testShop()]
const events = nectorEvents(webhooks)

function of (...topics: readonly string[]): readonly NectorEvent[] {
  return events.filter(({ topic }) => topics.includes(topic))
}

describe('the stream', () => {
  test('is the same, byte for byte, for the same seed, and another for another', () => {
    const [one, two, other] = [1, 1, 2].map((seed) => JSON.stringify([...testShop({ seed, events: 2_000 })]))
    expect(one).toBe(two)
    expect(one).not.toBe(other)
  })

  test('has as many events as are asked for, each once, wherever that cuts off what happens together', () => {
    for (const count of [0, 1, ...Array.from({ length: 60 }, (_, index) => 300 + index)]) {
      const sent = [...testShop({ events: count })]
      expect(sent.filter(({ repeat }) => !repeat).reduce((sum, { events }) => sum + events, 0)).toBe(count)
    }
  })

  test('comes in the order it is sent, within the span, on every day of it', () => {
    const times = webhooks.map(({ sendAt }) => sendAt)
    expect(times).toEqual(times.toSorted((one, two) => one - two))
    expect(times.every((at) => Number.isInteger(at) && at >= startAt && at <= endAt)).toBe(true)
    const days = new Set(times.map((at) => Math.floor((at - startAt) / 86_400_000)))
    expect(days.size).toBeGreaterThanOrEqual(30)
  })

  test('holds all topics of the vendor, and unknown ones', () => {
    expect([...new Set(events.map(({ topic }) => topic))].toSorted()).toEqual([
      'coinexpirynotify_create', 'coupon_create', 'coupon_update', 'festivegreeting_create', 'incompletereferralrequest_create', 'lead_create', 'lead_update',
      'order_create', 'order_update', 'refereenotify_create', 'referrernotify_create', 'review_create', 'review_update', 'reviewrequest_create',
      'unusedcouponrequest_create', 'unusedwalletcoinrequest_create', 'viptier_create', 'walletreward_create', 'wallettrasaction_update'
    ])
  })

  test('repeats a few webhooks, under the same delivery id or a new one, never with other content', () => {
    const repeats = webhooks.filter(({ repeat }) => repeat)
    expect(repeats.length / webhooks.length).toBeGreaterThan(0.005)
    expect(repeats.length / webhooks.length).toBeLessThan(0.03)
    const sent = webhooks.filter(({ repeat }) => !repeat)
    const [bodies, ids] = [new Set(sent.map(({ body }) => body)), new Set(sent.map(({ deliveryId }) => deliveryId))]
    expect(repeats.every(({ body }) => bodies.has(body))).toBe(true)
    const kept = repeats.filter(({ deliveryId }) => ids.has(deliveryId)).length
    expect(kept).toBeGreaterThan(0)
    expect(kept).toBeLessThan(repeats.length)
  })

  test('batches 1 to 40 activities, sometimes of two panels', () => {
    const batches = [...testShop({ startAt: endAt - 24 * 3_600_000 })].filter(({ vendor }) => vendor === 'netcore')
    const sizes = new Set(batches.map(({ events }) => events))
    expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([1, 40])
    const panels = batches.map(({ body }) => Object.keys(JSON.parse(new URLSearchParams(body).get('data') ?? '') as object).length)
    expect(new Set(panels)).toEqual(new Set([1, 2]))
  })

  test('reaches nobody: no address but example.com and example.org, no number that can be dialled', () => {
    const text = webhooks.map(({ body }) => body.startsWith('data=') ? new URLSearchParams(body).get('data') ?? '' : body).join('\n')
    const addresses = text.match(/[^"\s]+@[^"\s]+/g) ?? []
    expect(addresses.length).toBeGreaterThan(1_000)
    expect(addresses.filter((address) => !/^[a-z]+\.[a-z]+\d+@example\.(com|org)$/.test(address))).toEqual([])
    const hosts = text.match(/https?:\/\/[^/"?]+/g) ?? []
    expect(hosts.filter((host) => !/^https:\/\/[a-z]+\.example\.com$/.test(host))).toEqual([])
    const numbers = events.map(({ payload }) => String(payload['user_mobile']))
    expect(numbers.filter((number) => !/^\+910\d{9}$/.test(number))).toEqual([])
  })
})

test('where it is live it goes on after the span at about the rate, and what takes days takes minutes', () => {
  const live: SimulatedWebhook[] = []
  for (const webhook of testShop({ events: 500, live: { eventsPerSecond: 10 } })) {
    if (webhook.sendAt > endAt + 600_000) break
    if (webhook.sendAt > endAt) live.push(webhook)
  }
  const rate = live.reduce((sum, { events }) => sum + events, 0) / 600
  expect(rate).toBeGreaterThan(5)
  expect(rate).toBeLessThan(20)
  const since = new Date(endAt).toISOString()
  expect(nectorEvents(live).filter(({ payload }) => payload['status'] === 'completed' && String(payload['created_at']) > since).length).toBeGreaterThan(10)
})

describe('what authenticates it', () => {
  test('Nector: the digest of the secret, and the HMAC of the body under the key of its own', () => {
    for (const { headers, body, path, topic, deliveryId } of webhooks.filter(({ vendor }) => vendor === 'nector')) {
      expect(headers).toMatchObject({
        'x-nector-webhook-secret': createHash('sha256').update(secret).digest('hex'),
        'x-nector-webhook-hmac': createHmac('sha256', hmacSecret).update(body).digest('hex'),
        'x-nector-webhook-hmac-algo': 'sha256',
        'x-nector-topic': topic,
        'x-nector-delivery-id': deliveryId,
        'x-source': 'unix'
      })
      expect(path).toBe('/webhooks/nector/acme-nector')
    }
  })

  test('Netcore: the token in the URL', () => {
    const [first] = webhooks.filter(({ vendor }) => vendor === 'netcore')
    expect(new URL(first?.path ?? '', 'http://localhost').searchParams.get('token')).toBe(token)
    expect(first?.headers['content-type']).toBe('application/x-www-form-urlencoded')
  })

  test('eid is the digest of the e-mail', () => {
    for (const { payload } of of('lead_create')) expect(payload['eid']).toBe(createHash('sha256').update(String(payload['email'])).digest('hex'))
  })
})

describe('the figures', () => {
  test('closing_balance is the running balance, but for what expired unannounced', () => {
    const rewards = of('walletreward_create').map(({ payload }) => payload)
    let unannounced = 0
    for (const lead of new Set(rewards.map((payload) => payload['lead_id']))) {
      let balance = 0
      const movements = rewards.filter((payload) => payload['lead_id'] === lead).toSorted((one, two) => String(one['created_at']) < String(two['created_at']) ? -1 : 1)
      expect(new Set(movements.map((movement) => movement['created_at'])).size).toBe(movements.length)
      for (const movement of movements) {
        const [amount, closing] = [Number(movement['amount']), Number(movement['closing_balance'])]
        const signed = movement['operation'] === 'cr' ? amount : -amount
        expect(amount).toBeGreaterThan(0)
        expect(closing).toBeGreaterThanOrEqual(0)
        expect(closing).toBe(Number(movement['consolidated_cr']) - Number(movement['consolidated_dr']))
        if (closing !== balance + signed) {
          // The whole balance goes, never a part of it.
          expect(closing).toBe(signed)
          unannounced += balance
        }
        balance = closing
      }
    }
    expect(unannounced).toBeGreaterThan(0)
  })

  test('a referral completes after it was created, after a first order of the friend, and not twice', () => {
    const created = new Map(of('refereenotify_create').map(({ payload }) => [payload['_id'], payload]))
    const completed = of('referrernotify_create').map(({ payload }) => payload)
    expect(completed.length).toBeGreaterThan(5)
    expect(new Set(completed.map((payload) => payload['_id'])).size).toBe(completed.length)
    for (const payload of completed) {
      const begin = created.get(payload['_id'])
      expect(payload['created_at']).toBe(begin?.['created_at'])
      expect(begin?.['created_at']).toBe(begin?.['updated_at'])
      const placed = of('order_create').find((order) => order.payload['lead_id'] === payload['referred_to_lead_id'])
      expect(String(placed?.payload['created_at']) > String(payload['created_at'])).toBe(true)
      expect(String(payload['updated_at']) > String(placed?.payload['created_at'])).toBe(true)
      const reward = payload['wallettransaction_amount'] ?? payload['coupon_fiat_value']
      expect(reward).toBeGreaterThan(0)
    }
    for (const { payload } of of('incompletereferralrequest_create')) expect(created.has(payload['_id'])).toBe(true)
  })

  test('an order begins pending and ends in every way there is', () => {
    expect(of('order_create').every(({ payload }) => payload['status'] === 'pending')).toBe(true)
    expect(new Set(of('order_update').map(({ payload }) => payload['status']))).toEqual(new Set(['processing', 'completed', 'cancelled', 'refunded']))
  })

  test('each step of the funnel has fewer customers than the one before', () => {
    const shop = testShop()
    const sent = [...shop]
    expect(sent.length).toBeGreaterThan(0)
    const { steps } = shop.expected()
    const customers = ['product_search', 'add_to_cart', 'checkout', 'purchase'].map((step) => steps[step]?.customers ?? 0)
    expect(customers).toEqual(customers.toSorted((one, two) => two - one))
    expect(new Set(customers).size).toBe(4)
    expect(customers[3]).toBeGreaterThan(20)
  })
})

describe('the sources', () => {
  test('are those of the first business that has both vendors', () => {
    expect(testShop().sources.business.id).toBe('acme')
  })

  test.each([
    ['half', 'half has no netcore source'],
    ['nobody', 'expected --business to be one of half, acme, got nobody']
  ])('business %s is refused', (businessId, message) => {
    expect(() => testShop({ businessId })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) as string }))
  })

  test.each([
    ['email', /^[a-z]+\.[a-z]+\d+@example\.(com|org)$/],
    ['mobile', /^910\d{9}$/],
    ['customer_id', /^7\d{12}$/]
  ])('identity %s is what the panel sends, and nothing where nobody has logged in', (identity, form) => {
    const seen = new Set<string>()
    for (const { vendor, body } of testShop({ config: shopConfig({ identity }), events: 2_000 })) {
      if (vendor !== 'netcore') continue
      for (const [, found] of (new URLSearchParams(body).get('data') ?? '').matchAll(/"identity":"([^"]*)"/g)) seen.add(found ?? '')
    }
    expect([...seen].filter((text) => !form.test(text))).toEqual([''])
  })

  test('a source that names no activities gets the ids that the vendor has fixed', () => {
    const shop = testShop({ config: sourceWithoutActivities(), events: 500 })
    const text = [...shop].map(({ body }) => body.startsWith('data=') ? new URLSearchParams(body).get('data') ?? '' : '').join('')
    expect(new Set([...text.matchAll(/"activity_id":(\d+)/g)].map(([, id]) => id))).toEqual(new Set(['1', '2', '3']))
  })
})

function sourceWithoutActivities (): ReturnType<typeof shopConfig> {
  const config = shopConfig()
  return { businesses: config.businesses.map((business) => ({ ...business, funnels: [], netcore: business.netcore.map((source) => ({ ...source, activities: {} })) })) }
}
