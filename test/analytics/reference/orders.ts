import type { Facts } from './facts.ts'
import { columnsOf, createdAt, joined, recordsOf, type NectorRecord } from './records.ts'
import { decimalOf, decimalText, textOf, timeOf, timeText, type Row } from './values.ts'

const texts = [
  'lead_id', 'status', 'financial_status', 'delivery_status', 'reference_order_id', 'reference_order_name', 'reference_order_source', 'currency_code', 'payment_source',
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
      created_at: timeText(createdAt(order)),
      day: facts.dayIn(business, createdAt(order)),
      updated_at: timeText(timeOf(latest.payload['updated_at']))
    }
  })
}
