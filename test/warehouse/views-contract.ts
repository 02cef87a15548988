import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { RawWebhook } from '../../schemas/raw-webhooks.ts'
import { encodeRecord } from '../../transform/message-encoder.ts'
import { createSources } from '../../vendors/source.ts'
import { transform } from '../../transform/transform.ts'
import { publishConfiguration } from '../../warehouse/publish-configuration.ts'
import { nectorRaw, netcoreRaw, testBusinesses } from '../samples/samples.ts'
import { createLoading, type Loading } from './loading.ts'
import type { MigratedWarehouse } from './migrated-warehouse.ts'

/** What the views say of the same webhooks, wherever their tables are. */
export function viewsContract (start: () => Promise<MigratedWarehouse>): void {
  let warehouse: MigratedWarehouse
  let loading: Loading
  let offset = 0
  beforeAll(async () => {
    warehouse = await start()
    loading = createLoading(warehouse)
  })
  afterAll(async () => { await warehouse.close() })

  async function begin (): Promise<void> {
    await warehouse.clear()
    await publishConfiguration(warehouse.client, testBusinesses)
    offset = 0
  }

  /** Loads webhooks one after the other, as the pipeline would, and waits for what is worked out from them. */
  async function load (...raws: readonly RawWebhook[]): Promise<void> {
    for (const raw of raws) {
      const { records, deadLetters } = transform(raw, { topic: 'raw', partition: 0, offset: offset++ }, createSources(testBusinesses), Date.now())
      expect(deadLetters).toEqual([])
      for (const record of records) await loading.load(record.record, [encodeRecord(record, 0).value])
    }
    await loading.workOut()
  }

  const nector = (topic: string, payload: object, changes: Partial<RawWebhook> = {}): RawWebhook => nectorRaw(topic, payload, { delivery_id: `delivery-${offset++}`, ...changes })
  /** The same delivery an hour later, as a vendor's retry: what the headers and our clock say of time has moved. */
  const anHourLater = (raw: RawWebhook, deliveryId = raw.delivery_id): RawWebhook =>
    ({ ...raw, delivery_id: deliveryId, received_at: raw.received_at + 3_600_000, headers: { ...raw.headers, 'x-nector-timestamp': String(Number(raw.headers['x-nector-timestamp']) + 3600) } })
  /** The same delivery again, when the vendor's clock has moved on and ours was set back by ten minutes. */
  const clockSetBack = (raw: RawWebhook): RawWebhook =>
    ({ ...raw, received_at: raw.received_at - 600_000, headers: { ...raw.headers, 'x-nector-timestamp': String(Number(raw.headers['x-nector-timestamp']) + 60) } })
  const rows = (view: string): Promise<Array<Record<string, unknown>>> => warehouse.query(`SELECT * FROM analytics.${view} ORDER BY ALL`)

  describe('of an empty warehouse', () => {
    beforeEach(begin)

    describe('a retry moves nothing, though it comes later and the event carries no time of its own', () => {
      const coins = nector('walletreward_create', { hash: 'h', lead_id: 'l', amount: 5, operation: 'cr' }, { delivery_id: 'one' })
      const nudge = nector('incompletereferralrequest_create', { _id: 'r', referred_by_lead_id: 'a', referred_to_lead_id: 'b', created_at: '2024-01-01T00:00:00Z' }, { delivery_id: 'two' })

      test.each([['the same delivery id', undefined], ['a new delivery id', 'another']])('under %s', async (_name, deliveryId) => {
        await load(coins, nudge)
        const before = [await rows('coin_ledger'), await rows('referrals')]
        expect(before[0]).toHaveLength(1)
        expect(before[1]).toMatchObject([{ nudged_at: '2024-01-10 12:00:00.000', completed_at: null }])
        await load(anHourLater(coins, deliveryId ?? coins.delivery_id), anHourLater(nudge, deliveryId ?? nudge.delivery_id))
        expect([await rows('coin_ledger'), await rows('referrals')]).toEqual(before)
      })
    })

    describe('a retry that comes when the receiving clock was set back', () => {
      const own = nector('walletreward_create', { hash: 'own', lead_id: 'l', amount: 5, operation: 'cr', created_at: '2024-01-10T11:00:00Z' }, { delivery_id: 'three' })
      const none = nector('walletreward_create', { hash: 'none', lead_id: 'l', amount: 7, operation: 'cr' }, { delivery_id: 'four' })

      test('moves no event that carries a time of its own', async () => {
        await load(own)
        const before = [await rows('coin_ledger'), await rows('coin_daily'), await rows('coin_balances')]
        await load(clockSetBack(own))
        expect([await rows('coin_ledger'), await rows('coin_daily'), await rows('coin_balances')]).toEqual(before)
      })

      // The copy with the earliest time of arrival counts. An event without a time of its own then has that of the retry: wrong by the time between
      // the two, as nothing that is stored tells that the other came first. It is counted once, and all views say the same.
      test('moves an event that carries none to the time of the retry, in every view, whichever copy is loaded first', async () => {
        await load(none, clockSetBack(none))
        const after = [await rows('coin_ledger'), await rows('coin_daily'), await rows('coin_balances')]
        expect(after[0]).toMatchObject([{ occurred_at: '2024-01-10 12:01:00.000', amount: '7' }])
        expect(after[1]).toMatchObject([{ coins_issued: '7', transactions: 1 }])
        expect(after[2]).toMatchObject([{ lifetime_issued: '7' }])
        await begin()
        await load(clockSetBack(none), none)
        expect([await rows('coin_ledger'), await rows('coin_daily'), await rows('coin_balances')]).toEqual(after)
      })
    })

    describe('the clock of ClickHouse was set back between two loads', () => {
      const coins = (hash: string): RawWebhook => nector('walletreward_create', { hash, lead_id: 'l', amount: 5, operation: 'cr', created_at: '2024-01-10T11:00:00Z' })
      const order = (id: string): RawWebhook => nector('order_create', { reference_order_id: id, reference_order_source: 's', lead_id: 'l', fiat_amount: 10, created_at: '2024-01-10T11:00:00Z' })
      const referral = (topic: string): RawWebhook => nector(topic, { _id: 'r', referred_by_lead_id: 'l', referred_to_lead_id: 'f', referral_mode: 'link', created_at: '2024-01-10T11:00:00Z' })
      const search = (identity: string): RawWebhook => netcoreRaw({ p: [{ channel: 'custom_activity', event_params: { ts: 240110173000, activity_id: 103, identity } }] })

      test.each([
        ['coin_daily', coins('one'), coins('two')],
        ['order_daily', order('one'), order('two')],
        ['coin_balances', coins('one'), coins('two')],
        ['referral_conversion', referral('refereenotify_create'), referral('incompletereferralrequest_create')],
        ['funnel_daily', search('a@example.com'), search('b@example.com')]
      ])('%s counts the row that came after', async (view, first, second) => {
        await load(first)
        const before = await rows(view)
        // as the times of what was worked out look once the clock was set back by an hour
        for (const table of ['coin_days', 'coin_leads', 'order_days', 'referral_figures', 'funnel_days']) {
          await warehouse.client.command({ query: `INSERT INTO landing.${table} SELECT * REPLACE (computed_at + INTERVAL 1 HOUR AS computed_at) FROM landing.${table} FINAL` })
        }
        await load(second)
        expect(await rows(view)).not.toEqual(before)
      })
    })

    test('what is transformed again from the same webhook replaces what it was', async () => {
      const order = nector('order_create', { reference_order_id: '1', reference_order_source: 's', fiat_amount: 10 })
      await load(order, { ...order, body: Buffer.from('{"reference_order_id":"1","reference_order_source":"s","fiat_amount":20}') })
      expect(await rows('orders')).toMatchObject([{ order_key: 's:1', fiat_amount: '20' }])
    })

    describe('customers', () => {
      test('a member known by mobile alone has tier and contact', async () => {
        await load(nector('lead_create', { mobile: '+91 98765 43210', name: 'Asha', tier: 'gold', created_at: '2024-01-01T00:00:00Z' }))
        expect(await rows('customers')).toMatchObject([{ tier: 'gold', customer_key: expect.stringMatching(/^mobile:[0-9a-f]{64}$/) as string, created_at: '2024-01-01 00:00:00.000' }])
        expect(await warehouse.query('SELECT name, mobile FROM contacts.customers')).toEqual([{ name: 'Asha', mobile: '+91 98765 43210' }])
      })

      test('a guest who becomes a customer is one person, with the latest tier and the first time', async () => {
        await load(
          nector('lead_create', { eid: 'e', tier: 'old', created_at: '2024-01-01T00:00:00Z' }),
          nector('lead_update', { eid: 'e', customer_id: 'shopify-7', tier: 'new', created_at: '2024-01-02T00:00:00Z', updated_at: '2024-01-03T00:00:00Z' })
        )
        expect(await rows('customers')).toMatchObject([{ customer_key: 'customer:7', tier: 'new', email_hash: 'e', created_at: '2024-01-01 00:00:00.000' }])
      })

      test('the latest report counts, blanks included: a tier that ended, a person whom the vendor erased', async () => {
        await load(
          nector('lead_create', { eid: 'e', tier: 'gold', name: 'Asha', email: 'asha@example.com', mobile: '+91 98765 43210', accept_email: true, created_at: '2024-01-01T00:00:00Z' }),
          nector('lead_update', { eid: 'e', tier: '', name: '', email: '', mobile: '', accept_email: '', created_at: '2024-01-01T00:00:00Z', updated_at: '2024-01-02T00:00:00Z' })
        )
        expect(await rows('customers')).toMatchObject([{ tier: null, email_hash: 'e', created_at: '2024-01-01 00:00:00.000' }])
        expect(await warehouse.query('SELECT name, email, mobile, accept_email FROM contacts.customers')).toEqual([{ name: null, email: null, mobile: null, accept_email: null }])
      })

      test('a chain of identifiers leads every view to the same person', async () => {
        await load(
          nector('refereenotify_create', { _id: 'r', referred_by_lead_id: 'l', referred_by_mid: 'm', created_at: '2024-01-01T00:00:00Z' }),
          nector('lead_create', { mid: 'm', eid: 'e', created_at: '2024-01-01T00:00:00Z' }),
          nector('lead_update', { eid: 'e', customer_id: '9', created_at: '2024-01-01T00:00:00Z' }),
          nector('walletreward_create', { hash: 'h', lead_id: 'l', amount: 1, operation: 'cr', created_at: '2024-01-01T00:00:00Z' })
        )
        expect(await rows('customers')).toMatchObject([{ customer_key: 'customer:9', lead_id: 'l' }])
        expect(await rows('coin_ledger')).toMatchObject([{ customer_key: 'customer:9' }])
      })
    })

    describe('activities', () => {
      const activity = (identity: string | null, guid: string | null = null, id = 2): RawWebhook => netcoreRaw({ p: [{ channel: 'custom_activity', event_params: { ts: 240110173000, activity_id: id, identity, guid } }] })

      test('an identity is never in clear: not as e-mail, not where its source is configured no more', async () => {
        await load(activity('Asha@Example.com'), activity('919876543210'))
        expect(await rows('activities')).toMatchObject([{ identity: expect.stringMatching(/^[0-9a-f]{64}$/) as string }, { identity: expect.stringMatching(/^[0-9a-f]{64}$/) as string }])
        const [business] = testBusinesses
        if (business === undefined) throw new Error('expected a business')
        await publishConfiguration(warehouse.client, [{ ...business, netcore: [] }])
        const text = JSON.stringify([await rows('activities'), await rows('customers')])
        expect(text).toContain('unknown:')
        expect(text).not.toContain('919876543210')
        expect(text.toLowerCase()).not.toContain('example.com')
      })

      test('without identity a visitor is known by the device, and without that by nothing', async () => {
        await load(activity(null, 'g1'), activity(null, null))
        expect((await rows('activities')).map(({ customer_key: key }) => key)).toEqual(expect.arrayContaining(['visitor:g1', null]))
      })

      test('a funnel whose configuration was changed, and changed back, has its history', async () => {
        await load(activity('a@example.com', null, 103))
        const before = await rows('funnel_daily')
        expect(before.filter(({ customers }) => Number(customers) > 0)).not.toEqual([])
        const [business] = testBusinesses
        if (business === undefined) throw new Error('expected a business')
        const changed = { ...business, funnels: business.funnels.map((funnel) => ({ ...funnel, windowHours: funnel.windowHours + 1 })) }
        for (const configuration of [[changed], testBusinesses]) {
          await publishConfiguration(warehouse.client, configuration)
          // what was worked out under another configuration is never shown
          expect(await rows('funnel_daily')).toEqual([])
          await loading.workOut()
          expect(await rows('funnel_daily')).toEqual(before)
        }
      })

      test('a step that is renamed counts at once and for the past', async () => {
        await load(activity('a@example.com'))
        expect(await rows('activities')).toMatchObject([{ step: 'add_to_cart' }])
        const [business] = testBusinesses
        const [source] = business?.netcore ?? []
        if (business === undefined || source === undefined) throw new Error('expected a source')
        await publishConfiguration(warehouse.client, [{ ...business, netcore: [{ ...source, activities: { 2: 'basket' } }] }])
        expect(await rows('activities')).toMatchObject([{ step: 'basket' }])
      })
    })
  })

  describe('with rows', () => {
    beforeAll(async () => {
      await begin()
      await load(nector('walletreward_create', { hash: 'h', lead_id: 'l', amount: 1, operation: 'cr' }), netcoreRaw({ p: [{ channel: 'c', event_params: { identity: 'a@example.com' } }] }))
    })

    test.each(['customers', 'coin_ledger', 'coupons', 'orders', 'reviews', 'referrals', 'activities', 'activity_items'])('analytics.%s stands the settings of BI tools', async (view) => {
      for (const settings of ['join_use_nulls = 1', 'final = 1', 'group_by_use_nulls = 1', 'transform_null_in = 1', 'query_plan_optimize_join_order_limit = 10']) {
        await warehouse.query(`SELECT * FROM analytics.${view} SETTINGS ${settings}`)
      }
    })
  })
}
