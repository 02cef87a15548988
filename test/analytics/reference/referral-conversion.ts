import type { Facts } from './facts.ts'
import { otherRevenue } from './orders.ts'
import { hoursOf, referralsOf } from './referrals.ts'
import { decimalOf, decimalText, groupBy, one, sum, type Row } from './values.ts'

export function referralConversion (facts: Facts): Row[] {
  const coinValues = new Map(facts.businesses.map(({ id, coinValue }) => [id, decimalOf(coinValue) ?? 0n]))
  const cohorts = groupBy(referralsOf(facts), ({ business, createdAt, mode }) => JSON.stringify([business, facts.dayIn(business, createdAt), mode]))
  return [...cohorts].map(([key, created]) => {
    const [business, day, mode] = JSON.parse(key) as [string, string, string | null]
    const currency = facts.currencyIn(business)
    const completed = created.filter(({ completedAt }) => completedAt !== null)
    const hours = completed.flatMap((referral) => hoursOf(referral) ?? []).sort((a, b) => a - b)
    // a coupon of a friend who never ordered costs nothing
    const coins = sum(completed.flatMap(({ referrerCoins, friendCoins }) => [referrerCoins, friendCoins]))
    const couponValue = sum(completed.flatMap(({ referrerCoupon, friendCoupon }) => [referrerCoupon, friendCoupon]))
    return {
      business,
      cohort_day: day,
      referral_mode: mode,
      created: created.length,
      nudged: created.filter(({ nudgedAt }) => nudgedAt !== null).length,
      completed: completed.length,
      conversion_rate: completed.length / created.length,
      median_hours_to_convert: medianOf(hours),
      mean_hours_to_convert: hours.length === 0 ? null : hours.reduce((total, value) => total + value, 0) / hours.length,
      currency,
      referral_revenue: decimalText(sum(completed.filter(({ orderCurrency }) => orderCurrency === currency).map(({ orderAmount }) => orderAmount))),
      other_revenue: otherRevenue(completed.map(({ orderCurrency, orderAmount }) => ({ currency: orderCurrency, amount: orderAmount })), currency),
      reward_cost: decimalText(coins * (coinValues.get(business) ?? 0n) / one + couponValue)
    }
  })
}

/** Of sorted values the middle one, or the mean of both in the middle. */
function medianOf (sorted: readonly number[]): number | null {
  const [lower, upper] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]]
  return lower === undefined || upper === undefined ? null : (lower + upper) / 2
}
