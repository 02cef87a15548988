import type { Facts } from './facts.ts'
import { columnsOf, createdAt, joined, recordsOf } from './records.ts'
import { decimalOf, decimalText, flagOf, textOf, timeOf, timeText, type Payload, type Row } from './values.ts'

export function reviews ({ events, customerOf, dayIn }: Facts): Row[] {
  return recordsOf(events, ['review_create', 'review_update'], keyOf).map((review) => {
    const { business, key, latest } = review
    const p = latest.payload
    const writtenAt = createdAt(review)
    const approved = flagOf(p['is_approved'])
    return {
      business,
      review_key: key,
      customer_key: customerOf(latest),
      status: approved === null ? null : approved ? 'approved' : 'not approved',
      ...columnsOf(p, ['lead_id', 'type', 'title', 'description', 'reference_product_id', 'reference_product_name', 'reference_product_source', 'order_id'], textOf),
      rating: decimalText(decimalOf(p['rating'])),
      ...columnsOf(p, ['is_verified', 'is_approved', 'is_featured'], flagOf),
      is_rewarded: flagOf(latest.meta['is_rewarded']),
      created_at: timeText(writtenAt),
      day: dayIn(business, writtenAt),
      updated_at: timeText(timeOf(p['updated_at']))
    }
  })
}

function keyOf (p: Payload): string | null {
  const [product, at] = [textOf(p['reference_product_id']), timeOf(p['created_at'])]
  return joined(
    textOf(p['lead_id']),
    joined(textOf(p['reference_product_source']), product) ?? product ?? textOf(p['reference_product_name']),
    at === null ? null : new Date(at).toISOString()
  )
}
