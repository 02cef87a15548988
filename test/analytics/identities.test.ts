import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { BusinessConfig } from '../../config/businesses.ts'
import { acmeBusinesses } from '../support/acme.ts'
import { publishConfiguration } from '../../warehouse/publish-configuration.ts'
import { nectorRaw, netcoreRaw } from '../samples/samples.ts'
import { startMigratedWarehouse, type MigratedWarehouse } from '../warehouse/migrated-warehouse.ts'
import { createWebhookLoader } from './webhook-loader.ts'

let warehouse: MigratedWarehouse
beforeAll(async () => { warehouse = await startMigratedWarehouse() })
afterAll(async () => { await warehouse.close() })
beforeEach(async () => { await warehouse.clear() })

const shop = (identity: string, country?: string): readonly BusinessConfig[] => acmeBusinesses({ business: { country }, netcore: { identity } })
const activityOf = (identity: string, index: number) => netcoreRaw({ p: [{ channel: 'custom_activity', event_params: { ts: 240110173000 + index, activity_id: 2, identity } }] })
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const writings = ['+91 98765 43210', '098765 43210', '0091 98765 43210', '98765 43210', '919876543210']

test('a mobile number of the business\'s country is one customer of both vendors, however it is written', async () => {
  const businesses = shop('mobile', 'IN')
  await publishConfiguration(warehouse.client, businesses)
  await createWebhookLoader(warehouse, businesses, 0)([
    nectorRaw('lead_create', { customer_id: 'shopify-7', mobile: '98765-43210', tier: 'gold' }),
    nectorRaw('order_create', { reference_order_id: '1', user_mobile: '0 98765 43210', lead_id: 'L', fiat_amount: '5' }, { delivery_id: 'order' }),
    ...writings.map(activityOf)
  ])
  expect(await warehouse.query('SELECT customer_key, lead_id, mobile_hash, tier FROM analytics.customers')).toEqual([{ customer_key: 'customer:7', lead_id: 'L', mobile_hash: sha256('919876543210'), tier: 'gold' }])
  expect(await warehouse.query('SELECT customer_key, count() AS n FROM analytics.activities GROUP BY ALL')).toEqual([{ customer_key: 'customer:7', n: writings.length }])
  expect(await warehouse.query('SELECT customer_key FROM analytics.orders')).toEqual([{ customer_key: 'customer:7' }])
})

test('what an identity is stays configuration: the same activities, read again as something else', async () => {
  const businesses = shop('mobile', 'IN')
  await publishConfiguration(warehouse.client, businesses)
  await createWebhookLoader(warehouse, businesses, 0)([activityOf('098765 43210', 0), activityOf('ana@example.com', 1)])
  const keys = async (): Promise<unknown> => (await warehouse.query('SELECT customer_key FROM analytics.activities ORDER BY occurred_at')).map((row) => row['customer_key'])
  expect(await keys()).toEqual([`mobile:${sha256('919876543210')}`, `email:${sha256('ana@example.com')}`])
  await publishConfiguration(warehouse.client, shop('customer_id', 'IN'))
  expect(await keys()).toEqual(['customer:098765 43210', `email:${sha256('ana@example.com')}`])
  await publishConfiguration(warehouse.client, shop('email', 'IN'))
  expect(await keys()).toEqual([`email:${sha256('098765 43210')}`, `email:${sha256('ana@example.com')}`])
})

const lead = (customer: string, fields: object, delivery = customer) => nectorRaw('lead_create', { customer_id: `shopify-${customer}`, created_at: '2024-01-01T00:00:00Z', ...fields }, { delivery_id: delivery })
const keysOf = async (view: string): Promise<unknown> => (await warehouse.query(`SELECT customer_key FROM analytics.${view} ORDER BY customer_key`)).map((row) => row['customer_key'])

test.each([['a placeholder', '0000000000'], ['a number of their own', '98765 43210']])('three customer ids that share %s as mobile are three customers', async (_, mobile) => {
  const businesses = shop('email', 'IN')
  await publishConfiguration(warehouse.client, businesses)
  await createWebhookLoader(warehouse, businesses, 0)(['1', '2', '3'].map((id) => lead(id, { mobile })))
  expect(await keysOf('customers')).toEqual(['customer:1', 'customer:2', 'customer:3'])
})

test('an e-mail of one customer that is later another\'s joins them not, in whichever order they are loaded', async () => {
  const businesses = shop('email')
  await publishConfiguration(warehouse.client, businesses)
  const load = createWebhookLoader(warehouse, businesses, 0)
  const order = (id: string, fields: object) => nectorRaw('order_create', { reference_order_id: id, fiat_amount: 5, ...fields }, { delivery_id: `order-${id}` })
  await load([lead('1', { email: 'shared@example.com' }), order('1', { user_email: 'shared@example.com', lead_id: 'of one' })])
  expect(await keysOf('orders')).toEqual(['customer:1'])
  await load([lead('2', { email: 'shared@example.com' }), order('2', { user_email: 'shared@example.com', lead_id: 'of two' }), order('3', { user_customer_id: '2', lead_id: 'of two' })])
  expect(await keysOf('customers')).toEqual(['customer:1', 'customer:2', 'nector:of one'])
  // the address leads to none of both: the first order is of a lead that nothing else ties, the second of the lead's customer
  expect(await keysOf('orders')).toEqual(['customer:2', 'customer:2', 'nector:of one'])
})

test('what has changed waits until it is worked out', async () => {
  const businesses = shop('email')
  await publishConfiguration(warehouse.client, businesses)
  await createWebhookLoader(warehouse, businesses, 0)([lead('1', { email: 'one@example.com' })])
  expect(await warehouse.query('SELECT kind, state, keys FROM landing.changes FINAL')).toEqual([{ kind: 'identifiers', state: 1, keys: [] }])
})
