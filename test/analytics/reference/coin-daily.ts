import { isRedeemed, isSuccessful, movementsOf, type Movement } from './coin-ledger.ts'
import type { Facts } from './facts.ts'
import { decimalText, groupBy, numberOf, sum, type Row } from './values.ts'

export function coinDaily (facts: Facts): Row[] {
  const days = groupBy(movementsOf(facts).filter(isSuccessful), ({ business, at }) => `${business} ${facts.dayIn(business, at)}`)
  return [...days].map(([key, movements]) => {
    const [business, day] = key.split(' ')
    const credits = movements.filter(({ operation }) => operation === 'cr')
    const redeemed = movements.filter(isRedeemed)
    const issued = amountOf(credits)
    return {
      business,
      day,
      coins_issued: decimalText(issued),
      coins_redeemed: decimalText(amountOf(redeemed)),
      net_coins: decimalText(sum(movements.map(({ signed }) => signed))),
      transactions: movements.length,
      customers_earning: membersOf(credits),
      customers_redeeming: membersOf(redeemed),
      redemption_rate: issued === 0n ? null : numberOf(amountOf(redeemed)) / numberOf(issued)
    }
  })
}

function amountOf (movements: readonly Movement[]): bigint {
  return sum(movements.map(({ amount }) => amount))
}

function membersOf (movements: readonly Movement[]): number {
  return new Set(movements.flatMap(({ lead }) => lead ?? [])).size
}
