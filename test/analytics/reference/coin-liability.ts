import { balancesOf } from './coin-balances.ts'
import type { Facts } from './facts.ts'
import { decimalOf, decimalText, numberOf, sum, type Row } from './values.ts'

export function coinLiability (facts: Facts): Row[] {
  const balances = balancesOf(facts)
  return facts.businesses.map(({ id, coinValue, currency }) => {
    const own = balances.filter(({ business }) => business === id)
    const outstanding = sum(own.map(({ balance }) => balance))
    const issued = sum(own.map(({ issued }) => issued))
    const rate = issued === 0n ? null : numberOf(sum(own.map(({ redeemed }) => redeemed))) / numberOf(issued)
    return {
      business: id,
      outstanding_coins: decimalText(outstanding),
      coin_value: decimalText(decimalOf(coinValue)),
      currency,
      expected_redemption_rate: rate,
      liability: rate === null ? null : numberOf(outstanding) * Number(coinValue) * rate
    }
  })
}
