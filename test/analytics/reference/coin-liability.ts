import { balancesOf } from './coin-balances.ts'
import type { Facts } from './facts.ts'
import { decimalOf, decimalText, numberOf, one, sum, type Row } from './values.ts'

export function coinLiability (facts: Facts): Row[] {
  const balances = balancesOf(facts)
  return facts.businesses.map(({ id, coinValue, currency }) => {
    const own = balances.filter(({ business }) => business === id)
    const outstanding = sum(own.map(({ balance }) => balance))
    const issued = sum(own.map(({ issued }) => issued))
    const redeemed = sum(own.map(({ redeemed }) => redeemed))
    const rate = issued === 0n ? null : numberOf(redeemed) / numberOf(issued)
    return {
      business: id,
      outstanding_coins: decimalText(outstanding),
      coin_value: decimalText(decimalOf(coinValue)),
      currency,
      expected_redemption_rate: rate,
      liability: issued === 0n ? null : decimalText(outstanding * (decimalOf(coinValue) ?? 0n) * redeemed / (issued * one))
    }
  })
}
