import { isSuccessful, movementsOf, type Movement } from './coin-ledger.ts'
import type { Facts } from './facts.ts'
import { decimalText, groupBy, numberOf, sum, type Row } from './values.ts'

export function coinDaily (facts: Facts): Row[] {
  const days = groupBy(movementsOf(facts).filter(isSuccessful), ({ business, at }) => `${business} ${facts.dayIn(business, at)}`)
  return [...days].map(([key, movements]) => {
    const [business, day] = key.split(' ')
    const issued = sum(movements.map((movement) => movement.issued))
    const redeemed = sum(movements.map((movement) => movement.redeemed))
    const membersWith = (kind: string): number => membersOf(movements.filter(({ movement }) => movement === kind))
    return {
      business,
      day,
      coins_issued: decimalText(issued),
      coins_redeemed: decimalText(redeemed),
      net_coins: decimalText(sum(movements.map(({ signed }) => signed))),
      transactions: movements.length,
      customers_earning: membersWith('issue'),
      customers_redeeming: membersWith('redemption'),
      redemption_rate: issued === 0n ? null : numberOf(redeemed) / numberOf(issued)
    }
  })
}

function membersOf (movements: readonly Movement[]): number {
  return new Set(movements.flatMap(({ lead }) => lead ?? [])).size
}
