import { isSuccessful, movementsOf, type Movement } from './coin-ledger.ts'
import type { Facts } from './facts.ts'
import { decimalText, greatest, groupBy, sum, timeText, type Row } from './values.ts'

export interface Balance {
  readonly business: string
  readonly lead: string
  readonly balance: bigint | null
  readonly issued: bigint
  readonly redeemed: bigint
  readonly gap: bigint | null
  readonly lastAt: number | null
}

export function balancesOf (facts: Facts): Balance[] {
  const movements = movementsOf(facts).filter((movement) => isSuccessful(movement) && movement.lead !== null)
  return [...groupBy(movements, ({ business, lead }) => `${business} ${lead}`)].map(([key, own]) => {
    const balance = [...own].sort(byTime).findLast(({ closing }) => closing !== null)?.closing ?? null
    return {
      business: key.slice(0, key.indexOf(' ')),
      lead: key.slice(key.indexOf(' ') + 1),
      balance,
      issued: sum(own.map(({ issued }) => issued)),
      redeemed: sum(own.map(({ redeemed }) => redeemed)),
      gap: balance === null ? null : sum(own.map(({ signed }) => signed)) - balance,
      lastAt: greatest(own.map(({ at }) => at))
    }
  })
}

/** Of one moment the one up to which more went and came; where that is not told, the greater key is taken for the last. */
function byTime (a: Movement, b: Movement): number {
  const [[aOut, aIn], [bOut, bIn]] = [a.consolidated, b.consolidated]
  return a.effectiveAt - b.effectiveAt || Number(aOut - bOut) || Number(aIn - bIn) || (a.key < b.key ? -1 : 1)
}

export function coinBalances (facts: Facts): Row[] {
  return balancesOf(facts).map(({ business, lead, balance, issued, redeemed, gap, lastAt }) => ({
    business,
    lead_id: lead,
    customer_key: facts.keyOf(business, `nector:${lead}`),
    balance: decimalText(balance),
    lifetime_issued: decimalText(issued),
    lifetime_redeemed: decimalText(redeemed),
    ledger_gap: decimalText(gap),
    last_transaction_at: timeText(lastAt)
  }))
}
