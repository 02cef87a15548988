import { actorOf } from './activities.ts'
import { isSuccessful, movementsOf } from './coin-ledger.ts'
import { customersOf } from './customers.ts'
import type { Facts } from './facts.ts'
import { countsAsRevenue, currencyOf, ordersOf, otherRevenue } from './orders.ts'
import { createdAt } from './records.ts'
import { referralsOf } from './referrals.ts'
import { decimalOf, decimalText, greatest, groupBy, least, sum, timeText, type Row } from './values.ts'

/** What one happening adds to the customer. */
interface Share {
  readonly business: string
  readonly customer: string | null
  readonly times: readonly number[]
  readonly activities?: number
  readonly orders?: number
  readonly referrals?: number
  readonly revenue?: bigint
  readonly currency?: string
  readonly earned?: bigint
  readonly redeemed?: bigint
}

export function loyaltyJourney (facts: Facts): Row[] {
  const shares = sharesOf(facts).filter(({ customer }) => customer !== null && !customer.startsWith('visitor:'))
  return [...groupBy(shares, ({ business, customer }) => JSON.stringify([business, customer]))].map(([name, own]) => {
    const [business, key] = JSON.parse(name) as [string, string]
    const count = (kind: 'activities' | 'orders' | 'referrals'): number => own.reduce((total, share) => total + (share[kind] ?? 0), 0)
    const currency = facts.currencyIn(business)
    const coins = (kind: 'earned' | 'redeemed'): string | null => decimalText(sum(own.map((share) => share[kind] ?? null)))
    return {
      business,
      customer_key: key,
      activities: count('activities'),
      orders: count('orders'),
      revenue: decimalText(sum(own.filter((share) => share.currency === currency).map((share) => share.revenue ?? null))),
      other_revenue: otherRevenue(own.map((share) => ({ currency: share.currency ?? null, amount: share.revenue ?? null })), currency),
      currency,
      coins_earned: coins('earned'),
      coins_redeemed: coins('redeemed'),
      referrals_made: count('referrals'),
      first_seen_at: timeText(least(own.flatMap(({ times }) => times))),
      last_seen_at: timeText(greatest(own.flatMap(({ times }) => times)))
    }
  })
}

function sharesOf (facts: Facts): Share[] {
  return [
    // the joining, and the last time that any webhook named the person
    ...customersOf(facts).map(({ business, key, createdAt, lastSeenAt }) => ({ business, customer: key, times: [createdAt ?? lastSeenAt, lastSeenAt ?? createdAt].filter((at) => at !== null) })),
    ...facts.activities.map((activity) => ({ business: activity.business, customer: actorOf(facts, activity), times: [activity.occurredAt], activities: 1 })),
    ...ordersOf(facts).map((order) => {
      const { business, latest } = order
      return { business, customer: facts.customerOf(latest), times: [createdAt(order)], orders: 1, revenue: countsAsRevenue(order) ? decimalOf(latest.payload['fiat_amount']) ?? 0n : 0n, currency: currencyOf(facts, latest) }
    }),
    ...movementsOf(facts).filter(isSuccessful).map((movement) => ({
      business: movement.business,
      customer: movement.customer,
      times: [movement.at],
      earned: movement.issued,
      redeemed: movement.redeemed
    })),
    ...referralsOf(facts).map(({ business, referrer, createdAt }) => ({ business, customer: referrer === null ? null : facts.keyOf(business, `nector:${referrer}`), times: [createdAt], referrals: 1 }))
  ]
}
