import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { nectorCommon, nectorSamples, netcoreSample, topicOfSample } from '../samples/samples.ts'
import { ask } from '../warehouse/server-fixture.ts'
import { sayWhyItFailed, sumOfMetric, type CreateDeployment, type Deployment } from './deployment.ts'
import { eventually, sendNector, sendNetcore } from './pipeline-process.ts'

const views = ['customers', 'coin_ledger', 'coupons', 'orders', 'reviews', 'referrals', 'activities', 'activity_items']

/** What the tables hold after every sample was sent once: 18 of Nector (a referral with either reward) and one batch. */
const once = { leads: 2, coupons: 3, coin_transactions: 3, reviews: 2, orders: 2, review_requests: 1, referrals: 4, coin_expiries: 1, other_events: 0, activities: 1, activity_items: 2, raw_webhooks: 19, receipts: 19, dead_letters: 0 }

/** Sends every sample of both vendors and checks what becomes of it, whatever the deployment; `more` are tests that hold only there. */
export function describeSamples (create: CreateDeployment, more: (deployment: () => Deployment) => void): void {
  let deployment: Deployment
  beforeAll(async () => { deployment = await create({ CRM_PASSWORD: 'crm-password', LOG_LEVEL: 'warn' }) })
  afterEach((context) => { sayWhyItFailed(context, deployment) })
  afterAll(async () => {
    await deployment?.stop()
    await deployment?.remove()
  })

  async function analytics (): Promise<Record<string, unknown>> {
    const rows = await Promise.all(views.map(async (view) => [view, await deployment.query(`SELECT * FROM analytics.${view} ORDER BY ALL`)]))
    return Object.fromEntries(rows) as Record<string, unknown>
  }

  async function counts (): Promise<Record<string, unknown> | undefined> {
    const tables = ['leads', 'coupons', 'coin_transactions', 'reviews', 'orders', 'review_requests', 'referrals', 'coin_expiries', 'other_events', 'activities', 'activity_items', 'raw_webhooks', 'receipts', 'dead_letters']
    const [row] = await deployment.query(`SELECT ${tables.map((table) => `(SELECT count() FROM landing.${table} FINAL) AS ${table}`).join(', ')}`)
    return row
  }

  /** Resolves when every figure is complete. */
  async function complete (): Promise<void> {
    await eventually(async () => { expect(await deployment.query('SELECT sum(pending) AS pending FROM analytics.freshness')).toEqual([{ pending: 0 }]) })
  }

  async function sendAll (deliveryPrefix: string): Promise<void> {
    for (const [name, sample] of Object.entries(nectorSamples)) {
      expect(await sendNector(deployment.url, topicOfSample(name), { ...nectorCommon, ...sample }, `${deliveryPrefix}-${name}`)).toEqual({ status: 200, body: '{"status":"accepted"}' })
    }
    expect(await sendNetcore(deployment.url, netcoreSample)).toEqual({ status: 200, body: '{"status":"accepted"}' })
  }

  describe('the samples of both vendors', () => {
    let before: Record<string, unknown>

    test('are in their tables', async () => {
      await sendAll('first')
      await eventually(async () => { expect(await counts()).toEqual(once) })
      // who is who follows its rows by the milliseconds that the materialized views take
      const seen = { of_nector: 6, of_netcore: 1, orders_last_seen_at: '2023-05-26 07:49:06.277' }
      await eventually(async () => {
        expect(await deployment.query(`SELECT
          (SELECT uniqExact(lead_id) FROM landing.identifier_sets) AS of_nector,
          (SELECT count() FROM landing.netcore_identities FINAL) AS of_netcore,
          (SELECT max(last_seen_at) FROM landing.identifier_sets WHERE lead_id LIKE '8decb740%') AS orders_last_seen_at`)).toEqual([seen])
      })
      await complete()
      before = await analytics()
    })

    test('with every field right', async () => {
      const [referral] = await deployment.query("SELECT * FROM landing.referrals FINAL WHERE topic = 'referrernotify_create' AND wallettransaction_amount IS NOT NULL")
      expect(referral).toMatchObject({
        business: 'acme', source: 'acme-nector', topic: 'referrernotify_create', delivery_id: 'first-referrernotify_create', occurred_at: '2024-01-09 13:34:06.112', day: '2024-01-09',
        record_key: 'b08d3718-e8e8-48d5-a19a-e0af8ddeb6f4', _id: 'b08d3718-e8e8-48d5-a19a-e0af8ddeb6f4', coupon_id: null, referral_mode: 'link', status: 'completed', version: 2,
        meta_referred_to_coupon_id: 'd9bf0931-62e0-45ea-b38e-27143e38c574', meta_referred_by_coupon_id: null, meta_incompletereferralrequest_count: 0, created_at: '2024-01-09 13:32:29.525',
        wallettransaction_amount: '500', wallettransaction_closing_balance: '31546', coupon_fiat_value: null, user_balance: '1', user_transaction_amount: '849.54', extra: {}
      })
      const [coupon] = await deployment.query('SELECT * FROM landing.referrals FINAL WHERE coupon_value IS NOT NULL AND delivery_id = \'first-referrernotify_create_coupon\'')
      expect(coupon).toMatchObject({ coupon_value: 'necpri70l1p93uebufs', coupon_fiat_value: '200', coupon_fiat_class: 'amount', coupon_minimumcart_amount: null, coupon_expire: '2024-01-24 13:31:14.545', wallettransaction_amount: null })
      const [order] = await deployment.query("SELECT * FROM landing.orders FINAL WHERE topic = 'order_create'")
      expect(order).toMatchObject({ fiat_amount: '849.54', fiat_discount: '10', fiat_tax: '129.59', meta_coin_spent: '100', meta_coin_reward: '10', currency_code: 'inr', utm_source: null, created_at: '2023-05-26 07:49:06.277', created_day: '2023-05-26' })
      const [lead] = await deployment.query("SELECT * FROM landing.leads FINAL WHERE topic = 'lead_create'")
      expect(lead).toMatchObject({ record_key: 'shopify-7029064106277', accept_email: true, is_freezed: null, transaction_amount: null, available: '0', user_name: 'Ayush Shukla' })
      const [expiry] = await deployment.query('SELECT * FROM landing.coin_expiries FINAL')
      expect(expiry).toMatchObject({ wallet_expiry_unit: 'month', wallet_expiry_amount: '500', wallet_expiry_estimated_on: '2023-04-26 11:23:07.692', occurred_at: '2023-04-26 11:23:07.692' })
      const items = await deployment.query('SELECT prid, prqt, price, extra, ts, activity_id, raw_index FROM landing.activity_items FINAL ORDER BY item_index')
      expect(items).toEqual([
        { prid: '157', prqt: '1', price: '9990.91', extra: { bydemand_s: 'sarvesh' }, ts: 181212120708, activity_id: '103', raw_index: 0 },
        { prid: '157', prqt: '2', price: '9990.91', extra: { bydemand_s: 'sarvesh' }, ts: 181212120708, activity_id: '103', raw_index: 0 }
      ])
    })

    test('in the views of analytics', () => {
      expect(before).toMatchObject({
        coin_ledger: [{ transaction_key: '98f49c894265d162dd8d2e1dbee0fffe9fc4445d', customer_key: 'customer:7029064106277', operation: 'cr', amount: '1', signed_amount: '1', closing_balance: '1', day: '2023-05-18' }],
        coupons: [{ coupon_key: 'shopify:40ea40ea::40ea40ea', status: 'issued', expired: 1, fiat_value: '2', customer_key: 'customer:7029064106277' }],
        orders: [{ order_key: 'shopify:5372084388133', status: 'pending', fiat_amount: '849.54', coin_spent: '100', customer_key: 'customer:7029064106277' }],
        reviews: [{ rating: '5', is_approved: true, is_verified: null }],
        referrals: [{ referral_id: 'b08d3718-e8e8-48d5-a19a-e0af8ddeb6f4', status: 'completed', reward_coins: '500', reward_coupon_value: '200', completed_at: '2024-01-09 13:34:06.112' }],
        activities: [{ activity_id: '103', step: 'product_search', day: '2018-12-12', occurred_at: '2018-12-12 06:37:08.000' }],
        activity_items: [{ prid: '157', price: '9990.91' }, { prid: '157', price: '9990.91' }]
      })
      expect(before['customers']).toHaveLength(4)
    })

    test('nothing is counted twice: the same webhooks again, and again with new delivery ids, change no figure', async () => {
      await sendAll('first')
      await sendAll('second')
      // a new delivery id is a new event; all of them must be there before it can be said that they change nothing
      const twice = { leads: 4, coupons: 6, coin_transactions: 6, reviews: 4, orders: 4, review_requests: 2, referrals: 8, coin_expiries: 2 }
      await eventually(async () => { expect(await counts()).toEqual({ ...once, ...twice, raw_webhooks: 57, receipts: 57 }) })
      await complete()
      expect(await analytics()).toEqual(before)
    })

    test('the raw webhook is kept byte for byte, without credentials', async () => {
      const body = Buffer.from('{ "name" : "ü\\u0000",\n"n":1.0 }')
      await sendNector(deployment.url, 'viptier_create', body, 'raw')
      const [row] = await eventually(async () => {
        const rows = await deployment.query("SELECT base64Encode(body) AS body, headers, hmac, topic, remote_address FROM landing.raw_webhooks FINAL WHERE delivery_id = 'raw'")
        expect(rows).toHaveLength(1)
        return rows
      })
      expect(row).toMatchObject({ body: body.toString('base64'), hmac: 'valid', topic: 'viptier_create', remote_address: '127.0.0.1' })
      expect(JSON.stringify(row)).not.toContain('webhook-secret"')
      expect(row?.['headers']).toMatchObject({ 'x-nector-topic': 'viptier_create', 'x-nector-timestamp': expect.stringMatching(/^1704888\d{3}$/) as string, 'content-type': 'application/json' })
    })
  })

  describe('logins', () => {
    test.each(views)('bi reads analytics.%s, and finds no e-mail, mobile or name of a customer in it', async (view) => {
      const answer = await ask(deployment.clickHouseUrl, 'bi', 'bi-password', `SELECT * FROM analytics.${view} FORMAT JSONEachRow`)
      expect(answer).toMatchObject({ status: 200, code: 0 })
      expect(answer.text).not.toBe('')
      for (const clear of ['Ayush', 'Yashas', 'nector.io', '<identity>']) expect(answer.text).not.toContain(clear)
    })

    test.each(['SELECT count() FROM landing.leads', 'SELECT * FROM contacts.customers', 'DROP VIEW analytics.orders', 'SELECT configuration FROM landing.configuration'])('bi may not: %s', async (query) => {
      expect((await ask(deployment.clickHouseUrl, 'bi', 'bi-password', query)).status).not.toBe(200)
    })

    test('crm reads contacts.customers and nothing else', async () => {
      const answer = await ask(deployment.clickHouseUrl, 'crm', 'crm-password', 'SELECT * FROM contacts.customers FORMAT JSONEachRow')
      expect(JSON.parse(answer.text)).toMatchObject({ customer_key: 'customer:7029064106277', name: 'Ayush Shukla', email: 'ayush+fri26may@nector.io', accept_email: true })
      for (const query of ['SELECT * FROM analytics.orders', 'SELECT count() FROM landing.leads', 'DROP VIEW contacts.customers']) {
        expect((await ask(deployment.clickHouseUrl, 'crm', 'crm-password', query)).status, query).not.toBe(200)
      }
    })
  })

  test('metrics tell what happened', async () => {
    const texts = await deployment.metrics()
    expect(sumOfMetric(texts, 'loyalty_ingest_accepted_total{vendor="nector",source="acme-nector"}')).toBe(55)
    expect(sumOfMetric(texts, 'loyalty_transform_records_total{record="activities"}')).toBeGreaterThanOrEqual(3)
    expect(sumOfMetric(texts, 'loyalty_load_rows_total{table="raw_webhooks"}')).toBeGreaterThanOrEqual(57)
    expect(sumOfMetric(texts, 'loyalty_end_to_end_seconds_count{table="receipts"}')).toBeGreaterThanOrEqual(57)
    expect(texts.join('')).toMatch(/^loyalty_log_oldest_unread_seconds\{topic="nector.raw",group="load"\} /m)
  })

  more(() => deployment)
}
