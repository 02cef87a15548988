import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { RawWebhook } from '../../schemas/raw-webhooks.ts'
import { publishConfiguration } from '../../warehouse/publish-configuration.ts'
import { nectorRaw } from '../samples/samples.ts'
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

/** Revenue in every view that has any. */
async function revenue (...webhooks: readonly RawWebhook[]): Promise<Record<string, unknown>> {
  const businesses = acmeBusinesses()
  await publishConfiguration(warehouse.client, businesses)
  await createWebhookLoader(warehouse, businesses, 0)(webhooks)
  await warehouse.refresh()
  const [row = {}] = await warehouse.query(`SELECT
    (SELECT sum(revenue) FROM analytics.order_daily) AS by_day,
    (SELECT sum(revenue) FROM analytics.loyalty_journey) AS of_customers,
    (SELECT sum(referral_revenue) FROM analytics.referral_conversion) AS of_referrals,
    (SELECT sum(referral_revenue) FROM analytics.referrers) AS of_referrers`)
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
