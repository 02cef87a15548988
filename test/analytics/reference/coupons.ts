import type { Facts } from './facts.ts'
import { columnsOf, joined, recordsOf } from './records.ts'
import { decimalOf, decimalText, textOf, timeOf, timeText, type Payload, type Row } from './values.ts'

const topics = ['coupon_create', 'coupon_update', 'unusedcouponrequest_create']

/** `now`: epoch milliseconds at which it is asked what has expired. */
export function coupons ({ events, customerOf, dayIn }: Facts, now: number): Row[] {
  return recordsOf(events, topics, (p) => joined(textOf(p['reference_coupon_source']), textOf(p['reference_coupon_id'])) ?? textOf(p['value'])).map(({ business, key, latest }) => {
    const p = latest.payload
    const createdAt = timeOf(p['created_at'])
    return {
      business,
      coupon_key: key,
      customer_key: customerOf(latest),
      ...columnsOf(p, ['lead_id', 'status', 'type', 'name', 'value', 'offer_id', 'fiat_class', 'fiat_target'], textOf),
      ...columnsOf(p, ['fiat_value', 'minimumcart_amount'], (value) => decimalText(decimalOf(value))),
      expired: hasExpired(p, now),
      created_at: timeText(createdAt),
      day: createdAt === null ? null : dayIn(business, createdAt),
      updated_at: timeText(timeOf(p['updated_at'])),
      expires_at: timeText(timeOf(p['expire']))
    }
  })
}

/** Unknown where the state or the end that would tell is unknown. */
function hasExpired (p: Payload, now: number): number | null {
  const [status, end] = [textOf(p['status']), timeOf(p['expire'])]
  if (status === 'redeemed' || (end !== null && end >= now)) return 0
  return status === null || end === null ? null : 1
}
