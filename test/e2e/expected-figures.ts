import { expect } from 'vitest'
import type { Expected } from '../../simulator/shop/expected.ts'
import type { Deployment } from './deployment.ts'

/** What analytics says, in the words of the simulation. */
export async function figures ({ query }: Pick<Deployment, 'query'>): Promise<Record<string, unknown>> {
  const [row] = await query(`
    SELECT
      (SELECT count() FROM landing.dead_letters) AS dead_letters,
      (SELECT count() FROM analytics.coin_ledger) AS transactions,
      (SELECT toFloat64(sumIf(amount, operation = 'cr')) FROM analytics.coin_ledger) AS issued,
      (SELECT toFloat64(sumIf(amount, operation = 'dr')) FROM analytics.coin_ledger) AS spent,
      (SELECT count() FROM analytics.referrals) AS referrals_created,
      (SELECT count(nudged_at) FROM analytics.referrals) AS referrals_nudged,
      (SELECT count(completed_at) FROM analytics.referrals) AS referrals_completed,
      (SELECT count() FROM analytics.orders) AS orders_placed,
      (SELECT round(toFloat64(sum(fiat_amount)), 2) FROM analytics.orders) AS order_amount,
      (SELECT count() FROM analytics.coupons) AS coupons_issued,
      (SELECT countIf(status = 'redeemed') FROM analytics.coupons) AS coupons_redeemed,
      (SELECT count() FROM analytics.reviews) AS reviews,
      (SELECT count() FROM analytics.activities) AS activities,
      (SELECT uniqExact(event_id) FROM landing.activities) AS activity_events,
      (SELECT count() FROM analytics.customers WHERE customer_key NOT LIKE 'nector:%') AS customers,
      (SELECT countIf(customer_key IS NULL) FROM analytics.coin_ledger) AS transactions_of_nobody`)
  if (row === undefined) throw new Error('expected a row')
  return row
}

/** The same figures as the simulation worked them out by itself. */
export function expectedFigures (expected: Expected): Record<string, unknown> {
  return {
    dead_letters: 0,
    transactions: expected.coins.transactions,
    issued: expected.coins.issued,
    spent: expected.coins.spent,
    referrals_created: expected.referrals.created,
    referrals_nudged: expected.referrals.nudged,
    referrals_completed: expected.referrals.completed,
    orders_placed: expected.orders.placed,
    order_amount: Math.round(expected.orders.amount * 100) / 100,
    coupons_issued: expected.coupons.issued,
    coupons_redeemed: expected.coupons.redeemed,
    reviews: expected.reviews,
    activities: expected.activities,
    activity_events: expected.activities,
    customers: expected.customers,
    transactions_of_nobody: 0
  }
}

/** A guard of the guard: the simulation did have something of everything. */
export function expectSomethingOfEverything (expected: Expected): void {
  for (const [name, value] of Object.entries(expectedFigures(expected))) if (name !== 'dead_letters' && name !== 'transactions_of_nobody') expect(value, name).toBeGreaterThan(0)
}
