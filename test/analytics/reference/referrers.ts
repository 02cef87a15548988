import type { Facts } from './facts.ts'
import { otherRevenue } from './orders.ts'
import { referralsOf } from './referrals.ts'
import { decimalText, groupBy, sum, type Row } from './values.ts'

export function referrers (facts: Facts): Row[] {
  const groups = groupBy(referralsOf(facts).filter(({ referrer }) => referrer !== null), ({ business, referrer }) => JSON.stringify([business, referrer]))
  return [...groups].map(([key, created]) => {
    const [business, lead] = JSON.parse(key) as [string, string]
    const currency = facts.currencyIn(business)
    const completed = created.filter(({ completedAt }) => completedAt !== null)
    return {
      business,
      lead_id: lead,
      created: created.length,
      completed: completed.length,
      conversion_rate: completed.length / created.length,
      currency,
      referral_revenue: decimalText(sum(completed.filter(({ orderCurrency }) => orderCurrency === currency).map(({ orderAmount }) => orderAmount))),
      other_revenue: otherRevenue(completed.map(({ orderCurrency, orderAmount }) => ({ currency: orderCurrency, amount: orderAmount })), currency),
      reward_coins: decimalText(sum(created.map(({ referrerCoins }) => referrerCoins)))
    }
  })
}
