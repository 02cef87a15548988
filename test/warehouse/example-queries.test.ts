import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageRoot } from '../../runtime/package-root.ts'
import type { EmbeddedServer } from '../../warehouse/embedded/embedded-server.ts'
import { ask, newDataDir, removeDataDir, startTestServer } from './server-fixture.ts'

/** Example queries that work out something themselves, on rows few enough to do it by hand. */
let dataDir: string
let server: EmbeddedServer
beforeAll(async () => {
  dataDir = await newDataDir()
  server = await startTestServer({ dataDir })
})
afterAll(async () => {
  await server.close()
  await removeDataDir(dataDir)
})

/** What an example says where the view holds these rows. */
async function answerOf (example: string, view: string, columns: string, rows: readonly string[]): Promise<string[]> {
  const query = readFileSync(join(packageRoot, 'sql/examples', `${example}.sql`), 'utf8').trim().replace(/;$/, '')
    .replaceAll(`analytics.${view}`, `(SELECT * FROM values('${columns}', ${rows.join(', ')}))`)
  expect(query).not.toContain('analytics.')
  const { text, code } = await ask(server.url, server.user, server.password, query)
  expect({ text, code }).toMatchObject({ code: 0 })
  return text.split('\n')
}

test('redemption by issue cohort: first in, first out, with what went and came unannounced', async () => {
  let number = 0
  const movementOf: Readonly<Record<string, string>> = { 'cr reward': 'issue', 'dr redeem': 'redemption', 'cr redeem': 'redemption_reversal', 'dr adjust': 'other_debit' }
  const move = (lead: string, day: string, operation: string, type: string, amount: number, balance: number): string =>
    `('b', '${lead}', '${day}', '${day} 12:00:00', 't${String(++number).padStart(2, '0')}', '${operation}', '${type}', '${movementOf[`${operation} ${type}`] ?? ''}', 'success', ${amount}, ${operation === 'cr' ? amount : -amount}, ${balance})`
  const rows = await answerOf('redemption_by_issue_cohort', 'coin_ledger',
    'business String, lead_id Nullable(String), day Date, occurred_at DateTime64(3), transaction_key String, operation Nullable(String), type Nullable(String), movement String, status Nullable(String), amount Nullable(Decimal(38, 10)), signed_amount Nullable(Decimal(38, 10)), closing_balance Nullable(Decimal(38, 10))',
    [
      move('one', '2026-01-10', 'cr', 'reward', 100, 100),
      move('one', '2026-01-20', 'cr', 'reward', 50, 150),
      // all 100 of the first (26 days) and 20 of the second (16 days)
      move('one', '2026-02-05', 'dr', 'redeem', 120, 30),
      // 10 had gone unannounced, of the second, which has 20 left
      move('one', '2026-02-20', 'cr', 'reward', 40, 60),
      // those 20 (64 days) and 30 of the third (33 days)
      move('one', '2026-03-25', 'dr', 'redeem', 50, 10),
      // 100 were there before the first webhook: nobody's cohort, and spent first
      move('two', '2026-01-15', 'dr', 'redeem', 30, 70),
      move('two', '2026-01-16', 'cr', 'reward', 10, 80),
      // takes the 70 that are left of them, and is no redemption
      move('two', '2026-01-17', 'dr', 'adjust', 70, 10),
      move('two', '2026-01-18', 'dr', 'redeem', 10, 0),
      // given back: nobody's cohort
      move('two', '2026-01-19', 'cr', 'redeem', 10, 10)
    ])
  expect(rows).toEqual([
    'b\t2026-01-01\t160\t130\t130\t150\t0.8125\t0.8125\t0.9375\t2026-05-01',
    'b\t2026-02-01\t40\t0\t30\t30\t0\t0.75\t0.75\t2026-05-29'
  ])
})

const activity = (customer: string, step: string, at: string): string => `('b', '${customer}', '${step}', ['journey'], toDateTime64('${at}', 3), toDate('${at.slice(0, 10)}'))`
const activities = 'business String, customer_key Nullable(String), step Nullable(String), journey_names Array(String), occurred_at DateTime64(3), day Date'

test('cart abandonment: a purchase within 24 hours of the last thing put in saves the cart of that day', async () => {
  expect(await answerOf('cart_abandonment', 'activities', activities, [
    activity('in time', 'add_to_cart', '2026-01-01 10:00:00'), activity('in time', 'add_to_cart', '2026-01-01 20:00:00'), activity('in time', 'purchase', '2026-01-02 20:00:00'),
    activity('too late', 'add_to_cart', '2026-01-01 10:00:00'), activity('too late', 'purchase', '2026-01-02 10:00:01'),
    activity('before', 'purchase', '2026-01-01 09:00:00'), activity('before', 'add_to_cart', '2026-01-01 10:00:00'),
    activity('never', 'add_to_cart', '2026-01-03 10:00:00')
  ])).toEqual(['b\t2026-01-01\t3\t2\t0.6666666666666666', 'b\t2026-01-03\t1\t1\t1'])
})

test('searched and not bought: half an hour from each search, known customers only', async () => {
  expect(await answerOf('searched_not_bought', 'activities', activities, [
    activity('bought', 'product_search', '2026-01-01 10:00:00'), activity('bought', 'purchase', '2026-01-01 10:30:00'),
    activity('too late', 'product_search', '2026-01-01 10:00:00'), activity('too late', 'purchase', '2026-01-01 10:30:01'),
    activity('bought the first time', 'product_search', '2026-01-01 11:00:00'), activity('bought the first time', 'purchase', '2026-01-01 11:01:00'), activity('bought the first time', 'product_search', '2026-01-01 12:00:00'),
    activity('visitor:1', 'product_search', '2026-01-01 10:00:00'),
    activity('looked', 'page_browse', '2026-01-01 10:00:00')
  ])).toEqual(['b\tbought the first time\t2026-01-01 12:00:00.000', 'b\ttoo late\t2026-01-01 10:00:00.000'])
})

test('funnel by journey: the journey of the search has the purchase, whatever journey that came from', async () => {
  const of = (customer: string, journey: string, step: string, at: string): string => activity(customer, step, at).replace("'journey'", journey.split(' and ').map((name) => `'${name}'`).join())
  expect(await answerOf('funnel_by_journey', 'activities', activities, [
    of('one', 'sale', 'product_search', '2026-01-01 10:00:00'), of('one', 'sale', 'add_to_cart', '2026-01-01 10:00:00'), of('one', 'reminder', 'checkout', '2026-01-02 09:00:00'), of('one', 'reminder', 'purchase', '2026-01-02 09:59:00'),
    of('two', 'sale and trial', 'product_search', '2026-01-01 10:00:00'), of('two', 'digest', 'product_search', '2026-01-05 10:00:00'), of('two', 'digest', 'add_to_cart', '2026-01-05 10:01:00'),
    of('three', 'reminder', 'purchase', '2026-01-01 10:00:00')
  ])).toEqual(['b\tsale\t2\t1\t1\t1\t0.5', 'b\tdigest\t1\t1\t0\t0\t0', 'b\ttrial\t1\t0\t0\t0\t0'])
})
