import type { Facts } from './facts.ts'
import type { NectorEvent } from './nector-events.ts'
import { joined, recordsOf } from './records.ts'
import { decimalOf, decimalText, groupBy, sum, textOf, timeOf, timeText, type Payload, type Row } from './values.ts'

export function coinExpiries ({ events, customerOf, dayIn }: Facts): Row[] {
  return recordsOf(events, ['coinexpirynotify_create'], keyOf, noticedAt).map(({ business, latest }) => {
    const on = timeOf(latest.payload['wallet_expiry_estimated_on'])
    return {
      business,
      lead_id: textOf(latest.payload['lead_id']),
      customer_key: customerOf(latest),
      expires_on: on === null ? null : dayIn(business, on),
      coins: decimalText(decimalOf(latest.payload['wallet_expiry_amount'])),
      notified_at: timeText(noticedAt(latest))
    }
  })
}

/** Of each member what was announced last, whatever day it named. */
export function coinExpiryDaily ({ events, dayIn }: Facts): Row[] {
  const last = recordsOf(events, ['coinexpirynotify_create'], (p) => textOf(p['lead_id']) ?? textOf(p['user_customer_id']), noticedAt)
    .map(({ business, latest: { payload } }) => ({ business, on: timeOf(payload['wallet_expiry_estimated_on']), coins: decimalOf(payload['wallet_expiry_amount']) }))
  const days = groupBy(last, ({ business, on }) => JSON.stringify([business, on === null ? null : dayIn(business, on)]))
  return [...days].map(([key, notices]) => {
    const [business, day] = JSON.parse(key) as [string, string | null]
    return { business, day, coins: decimalText(sum(notices.map(({ coins }) => coins))), members: notices.length }
  })
}

/** A later notice of the same expiry replaces the earlier one. */
function keyOf (p: Payload): string | null {
  const on = timeOf(p['wallet_expiry_estimated_on'])
  return joined(textOf(p['lead_id']) ?? textOf(p['user_customer_id']), on === null ? null : new Date(on).toISOString())
}

function noticedAt ({ payload, sentAt, receivedAt }: NectorEvent): number {
  return timeOf(payload['wallet_expiry_notify_generated_on']) ?? sentAt ?? receivedAt
}
