import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { RawWebhook } from '../../schemas/raw-webhooks.ts'
import { publishConfiguration } from '../../warehouse/publish-configuration.ts'
import { nectorRaw, netcoreRaw } from '../samples/samples.ts'
import { acmeBusinesses } from '../support/acme.ts'
import { startMigratedWarehouse, type MigratedWarehouse } from '../warehouse/migrated-warehouse.ts'
import { createWebhookLoader } from './webhook-loader.ts'

let warehouse: MigratedWarehouse
beforeAll(async () => { warehouse = await startMigratedWarehouse() })
afterAll(async () => { await warehouse.close() })
beforeEach(async () => { await warehouse.clear() })

let delivery = 0
const sent = (topic: string, payload: object): RawWebhook => nectorRaw(topic, payload, { delivery_id: `delivery-${delivery++}` })
const order = (id: string, amount: number, state: object, hour = 10): RawWebhook => sent('order_create', {
  reference_order_source: 'shopify', reference_order_id: id, lead_id: 'friend', fiat_amount: amount, created_at: `2024-01-10T${hour}:00:00Z`, ...state
})
const referral = (fields: object): RawWebhook => sent('referrernotify_create', {
  _id: 'r', referral_mode: 'link', referred_by_lead_id: 'referrer', referred_to_lead_id: 'friend', created_at: '2024-01-10T08:00:00Z', updated_at: '2024-01-10T12:00:00Z', status: 'completed', ...fields
})

async function load (...webhooks: readonly RawWebhook[]): Promise<void> {
  const businesses = acmeBusinesses()
  await publishConfiguration(warehouse.client, businesses)
  await createWebhookLoader(warehouse, businesses, 0)(webhooks)
}

async function answer (sql: string, ...webhooks: readonly RawWebhook[]): Promise<Array<Record<string, unknown>>> {
  await load(...webhooks)
  return await warehouse.query(sql)
}

/** Revenue in every view that has any. */
async function revenue (...webhooks: readonly RawWebhook[]): Promise<Record<string, unknown>> {
  const [row = {}] = await answer(`SELECT
    (SELECT sum(revenue) FROM analytics.order_daily) AS by_day,
    (SELECT sum(revenue) FROM analytics.loyalty_journey) AS of_customers,
    (SELECT sum(referral_revenue) FROM analytics.referral_conversion) AS of_referrals,
    (SELECT sum(referral_revenue) FROM analytics.referrers) AS of_referrers`, ...webhooks)
  return row
}

test('an order that was refunded brings nothing to its referral either', async () => {
  expect(await revenue(order('1', 1000, { status: 'refunded' }), referral({ order_id: '1' }))).toEqual({ by_day: '0', of_customers: '0', of_referrals: '0', of_referrers: '0' })
})

test('where the friend\'s first order was cancelled and the second completes, the second counts', async () => {
  expect(await revenue(order('1', 900, { status: 'cancelled' }), order('2', 500, { status: 'completed' }, 11), referral({}))).toEqual({ by_day: '500', of_customers: '500', of_referrals: '500', of_referrers: '500' })
})

test.each([
  { status: 'completed', financial_status: 'refunded' },
  { status: 'completed', financial_status: 'VOIDED' },
  { status: 'Canceled' },
  { status: ' Cancelled ' },
  { status: 'processing', financial_status: 'failed' }
])('%j is no revenue', async (state) => {
  expect(await revenue(order('1', 1000, state), referral({ order_id: '1' }))).toEqual({ by_day: '0', of_customers: '0', of_referrals: '0', of_referrers: '0' })
})

test.each([{}, { status: 'pending' }, { status: 'completed', financial_status: 'partially_refunded' }, { status: 'something new', financial_status: 'paid' }])('%j is revenue', async (state) => {
  expect(await revenue(order('1', 1000, state), referral({ order_id: '1' }))).toEqual({ by_day: '1000', of_customers: '1000', of_referrals: '1000', of_referrers: '1000' })
})

test('an update in whole seconds comes after the creation in the same second', async () => {
  const [row] = await answer('SELECT status FROM analytics.orders',
    sent('order_create', { reference_order_id: '1', status: 'pending', created_at: '2024-01-10T10:00:00.750Z', updated_at: '2024-01-10T10:00:00.750Z' }),
    sent('order_update', { reference_order_id: '1', status: 'completed', created_at: '2024-01-10T10:00:00Z', updated_at: '2024-01-10T10:00:00Z' }))
  expect(row).toEqual({ status: 'completed' })
})

test('so it is with a coupon, and a reminder of it says nothing new', async () => {
  const coupon = { value: 'TEN', created_at: '2024-01-10T10:00:00.750Z' }
  const [row] = await answer('SELECT status FROM analytics.coupons',
    sent('coupon_create', { ...coupon, status: 'issued', updated_at: '2024-01-10T10:00:00.750Z' }),
    sent('coupon_update', { ...coupon, status: 'redeemed', updated_at: '2024-01-10T10:00:00Z' }),
    sent('unusedcouponrequest_create', { ...coupon, status: 'issued', updated_at: '2024-01-10T10:00:00.750Z' }))
  expect(row).toEqual({ status: 'redeemed' })
})

test('amounts of several currencies are never one sum', async () => {
  await load(
    order('1', 8300, { currency_code: 'INR' }), order('2', 100, { currency_code: 'usd' }, 11), order('3', 7, { business_currency_code: 'EUR' }, 12), order('4', 5, {}, 13),
    referral({ order_id: '2' }), referral({ _id: 'of-another', referred_to_lead_id: 'stranger', order_id: null, status: 'pending' }))
  expect(await warehouse.query('SELECT currency, orders, revenue FROM analytics.order_daily ORDER BY currency')).toEqual([
    { currency: 'EUR', orders: 1, revenue: '7' }, { currency: 'INR', orders: 2, revenue: '8305' }, { currency: 'USD', orders: 1, revenue: '100' }
  ])
  const shown = { currency: 'INR', revenue: '0', other_revenue: { USD: '100' } }
  expect(await warehouse.query('SELECT currency, revenue, other_revenue FROM analytics.loyalty_journey WHERE orders > 0')).toEqual([{ currency: 'INR', revenue: '8305', other_revenue: { EUR: '7', USD: '100' } }])
  expect(await warehouse.query('SELECT currency, referral_revenue AS revenue, other_revenue FROM analytics.referral_conversion')).toEqual([shown])
  expect(await warehouse.query('SELECT currency, referral_revenue AS revenue, other_revenue FROM analytics.referrers')).toEqual([shown])
  expect(await warehouse.query("SELECT order_amount, order_currency FROM analytics.referrals WHERE referral_id = 'r'")).toEqual([{ order_amount: '100', order_currency: 'USD' }])
})

test('an order of a friend whom two referred counts once: for the referral that names it, else for the earlier one', async () => {
  const second = { _id: 'second', referred_by_lead_id: 'other', created_at: '2024-01-10T09:00:00Z' }
  expect(await revenue(order('1', 1000, {}), referral({}), referral(second))).toMatchObject({ of_referrals: '1000', of_referrers: '1000' })
  expect(await warehouse.query('SELECT lead_id, referral_revenue FROM analytics.referrers ORDER BY lead_id')).toEqual([{ lead_id: 'other', referral_revenue: '0' }, { lead_id: 'referrer', referral_revenue: '1000' }])
  await load(referral({ ...second, order_id: '1', updated_at: '2024-01-10T13:00:00Z' }))
  expect(await warehouse.query('SELECT lead_id, referral_revenue FROM analytics.referrers ORDER BY lead_id')).toEqual([{ lead_id: 'other', referral_revenue: '1000' }, { lead_id: 'referrer', referral_revenue: '0' }])
})

const coins = (hash: string, time: string, fields: object): RawWebhook => sent('walletreward_create', {
  hash, lead_id: 'member', user_customer_id: 'shopify-1', operation: 'cr', type: 'reward', status: 'success', created_at: `2024-01-${time}Z`, updated_at: `2024-01-${time}Z`, ...fields
})
const balances = 'SELECT balance, ledger_gap, lifetime_issued, lifetime_redeemed FROM analytics.coin_balances'

test('coins that were pending count into the balance when they are approved', async () => {
  const [row] = await answer(balances,
    coins('a', '10T10:00:00', { amount: 100, status: 'pending', closing_balance: 0 }),
    coins('b', '10T11:00:00', { amount: 50, closing_balance: 50 }),
    coins('a', '10T10:00:00', { amount: 100, closing_balance: 150, updated_at: '2024-01-10T12:00:00Z' }))
  expect(row).toMatchObject({ balance: '150', ledger_gap: '0' })
  // a later report of an earlier movement that moves nothing
  await load(coins('b', '10T11:00:00', { amount: 50, closing_balance: 50, title: 'renamed', updated_at: '2024-01-10T13:00:00Z' }))
  expect(await warehouse.query(balances)).toMatchObject([{ balance: '150', ledger_gap: '0' }])
})

test('of two movements of one millisecond the last is the one up to which more coins went and came', async () => {
  const moment = '10T10:00:00.123'
  const [row] = await answer(balances,
    coins('z', moment, { amount: 50, closing_balance: 50, consolidated_cr: 50, consolidated_dr: 0 }),
    coins('a', moment, { operation: 'dr', type: 'redeem', amount: 20, closing_balance: 30, consolidated_cr: 50, consolidated_dr: 20 }))
  expect(row).toMatchObject({ balance: '30', ledger_gap: '0' })
})

test.each([
  ['coins spent and given back', { operation: 'dr', type: 'redeem' }, { operation: 'cr', type: 'redeem' }],
  ['coins spent and given back as a refund', { operation: 'dr', type: 'redeem' }, { operation: 'cr', type: ' Refund' }],
  ['a reward taken back', { operation: 'cr', type: 'reward' }, { operation: 'dr', type: 'reward' }],
  ['a reward taken back by a reversal', { operation: 'cr', type: 'reward' }, { operation: 'dr', type: 'reversal' }],
  ['coins moved between two accounts of one customer', { operation: 'dr', type: 'transfer' }, { operation: 'cr', type: 'transfer', lead_id: 'second account' }]
])('%s count neither as issued nor as redeemed', async (_, first, second) => {
  await load(coins('a', '10T10:00:00', { amount: 100, ...first }), coins('b', '10T11:00:00', { amount: 100, ...second }))
  expect(await warehouse.query('SELECT coins_issued, coins_redeemed, net_coins FROM analytics.coin_daily')).toEqual([{ coins_issued: '0', coins_redeemed: '0', net_coins: '0' }])
  expect(await warehouse.query('SELECT sum(lifetime_issued) AS issued, sum(lifetime_redeemed) AS redeemed FROM analytics.coin_balances')).toEqual([{ issued: '0', redeemed: '0' }])
  expect(await warehouse.query('SELECT sum(coins_earned) AS issued, sum(coins_redeemed) AS redeemed FROM analytics.loyalty_journey')).toEqual([{ issued: '0', redeemed: '0' }])
})

const member = (topic: string, time: string, fields: object): RawWebhook => sent(topic, { customer_id: 'shopify-1', user_customer_id: 'shopify-1', created_at: '2024-01-01T10:00:00Z', updated_at: `2024-01-${time}Z`, ...fields })
const tiers = 'SELECT tier FROM analytics.customers'

test.each(['order_update', 'coupon_update', 'review_update', 'viptier_create'])('a tier that %s names later than the last report of the lead is the customer\'s', async (topic) => {
  expect(await answer(tiers, member('lead_update', '10T10:00:00', { tier: 'silver' }), member(topic, '11T10:00:00', { value: 'TEN', user_tier: 'gold' }))).toEqual([{ tier: 'gold' }])
})

test('viptier_create may name it as a lead does', async () => {
  expect(await answer(tiers, member('lead_update', '10T10:00:00', { tier: 'silver' }), member('viptier_create', '11T10:00:00', { tier: 'gold' }))).toEqual([{ tier: 'gold' }])
})

test('an earlier one is not, and a later report of the lead without a tier has none', async () => {
  expect(await answer(tiers, member('lead_update', '10T10:00:00', { tier: 'silver' }), member('order_update', '09T10:00:00', { user_tier: 'gold' }))).toEqual([{ tier: 'silver' }])
  expect(await answer(tiers, member('lead_update', '12T10:00:00', { tier: '' }))).toEqual([{ tier: null }])
})

test('one action that two journeys sent is one, with both named', async () => {
  const action = { channel: 'custom_activity', event_params: { ts: 240110100000, activity_id: 2, identity: 'asha@example.com' }, payload_params: { items: [{ prid: 11, price: 250, prqt: 1 }] } }
  const later = { ...action, event_params: { ...action.event_params, ts: 240110100001 } }
  await load(netcoreRaw({ panel: [{ ...action, journey_name: 'welcome', webhook_name: 'w1' }] }), netcoreRaw({ panel: [{ ...action, journey_name: 'cart', webhook_name: 'w2', msgid: '7', custom_params: { colour: 'red' } }, { ...later, journey_name: 'cart' }] }))
  expect(await warehouse.query('SELECT journey_name, journey_names FROM analytics.activities ORDER BY occurred_at')).toEqual([{ journey_name: 'cart', journey_names: ['cart', 'welcome'] }, { journey_name: 'cart', journey_names: ['cart'] }])
  expect(await warehouse.query('SELECT sum(price * prqt) AS value FROM analytics.activity_items')).toEqual([{ value: '500' }])
  expect(await warehouse.query('SELECT activities FROM analytics.loyalty_journey')).toEqual([{ activities: 2 }])
  expect(await warehouse.query('SELECT count() AS count FROM landing.activities FINAL')).toEqual([{ count: 3 }])
})

test('without a time of its own every activity is an action', async () => {
  const action = { channel: 'custom_activity', event_params: { activity_id: 2, identity: 'asha@example.com' } }
  await load(netcoreRaw({ panel: [{ ...action, journey_name: 'welcome' }, { ...action, journey_name: 'cart' }] }))
  expect(await warehouse.query('SELECT count() AS count FROM analytics.activities')).toEqual([{ count: 2 }])
})
