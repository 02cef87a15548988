import type { Facts } from './facts.ts'
import { columnsOf, createdAt, joined, recordsOf, type NectorRecord } from './records.ts'
import type { NectorEvent } from './nector-events.ts'
import { decimalOf, decimalText, groupBy, sum, textOf, timeOf, timeText, type Row } from './values.ts'

const texts = [
  'lead_id', 'status', 'financial_status', 'delivery_status', 'reference_order_id', 'reference_order_name', 'reference_order_source', 'payment_source',
  'payment_medium', 'utm_source', 'utm_medium', 'utm_campaign', 'order_driven_by', 'couponredeem_driven_by'
]

export function ordersOf ({ events }: Facts): NectorRecord[] {
  return recordsOf(events, ['order_create', 'order_update'], (p) => joined(textOf(p['reference_order_source']), textOf(p['reference_order_id'])) ?? textOf(p['reference_order_id']))
}

const undone = ['cancelled', 'canceled', 'refunded', 'voided', 'failed', 'declined', 'expired', 'trash']

/** Whether the amount of an order is revenue, by its own state and that of its payment. */
export function countsAsRevenue ({ latest: { payload } }: NectorRecord): boolean {
  return !['status', 'financial_status'].some((name) => undone.includes((textOf(payload[name]) ?? '').trim().toLowerCase()))
}

export function currencyOf ({ currencyIn }: Facts, { business, payload }: NectorEvent): string {
  return (textOf(payload['currency_code']) ?? textOf(payload['business_currency_code']) ?? currencyIn(business)).trim().toUpperCase()
}

/** The sums of what is not in the currency of the business, by currency. */
export function otherRevenue (amounts: ReadonlyArray<{ readonly currency: string | null, readonly amount: bigint | null }>, currency: string): Record<string, string | null> {
  const others = amounts.filter((one) => one.currency !== null && one.currency !== currency && one.amount !== null && one.amount !== 0n)
  const groups = [...groupBy(others, (one) => one.currency ?? '')].sort(([a], [b]) => a < b ? -1 : 1)
  return Object.fromEntries(groups.map(([code, own]) => [code, decimalText(sum(own.map(({ amount }) => amount)))]))
}

export function orders (facts: Facts): Row[] {
  return ordersOf(facts).map((order) => {
    const { business, key, latest } = order
    return {
      business,
      order_key: key,
      customer_key: facts.customerOf(latest),
      ...columnsOf(latest.payload, texts, textOf),
      ...columnsOf(latest.payload, ['fiat_amount', 'fiat_discount', 'fiat_tax'], (value) => decimalText(decimalOf(value))),
      ...columnsOf(latest.meta, ['coin_spent', 'coin_reward'], (value) => decimalText(decimalOf(value))),
      counts_as_revenue: countsAsRevenue(order),
      currency_code: currencyOf(facts, latest),
      created_at: timeText(createdAt(order)),
      day: facts.dayIn(business, createdAt(order)),
      updated_at: timeText(timeOf(latest.payload['updated_at']))
    }
  })
}

/** Orders of each day and currency that count as revenue. */
export function orderDaily (facts: Facts): Row[] {
  const days = groupBy(ordersOf(facts).filter(countsAsRevenue), (order) => JSON.stringify([order.business, facts.dayIn(order.business, createdAt(order)), currencyOf(facts, order.latest)]))
  return [...days].map(([key, own]) => {
    const [business, day, currency] = JSON.parse(key) as [string, string, string]
    return {
      business,
      day,
      currency,
      orders: own.length,
      revenue: decimalText(sum(own.map(({ latest }) => decimalOf(latest.payload['fiat_amount'])))),
      coins_spent: decimalText(sum(own.map(({ latest }) => decimalOf(latest.meta['coin_spent'])))),
      buyers: new Set(own.flatMap(({ latest }) => textOf(latest.payload['lead_id']) ?? [])).size
    }
  })
}
