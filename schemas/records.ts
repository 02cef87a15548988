import { activities } from './activities.ts'
import { activityItems } from './activity-items.ts'
import { changes } from './changes.ts'
import { coinExpiries } from './coin-expiries.ts'
import { coinTransactions } from './coin-transactions.ts'
import { coupons } from './coupons.ts'
import { deadLetters } from './dead-letters.ts'
import type { Row } from './define/field.ts'
import { leads } from './leads.ts'
import { orders } from './orders.ts'
import { otherEvents } from './other-events.ts'
import { rawWebhooks } from './raw-webhooks.ts'
import { receipts } from './receipts.ts'
import { referrals } from './referrals.ts'
import { reviewRequests } from './review-requests.ts'
import { reviews } from './reviews.ts'

/** Avro records that events become; each name is also a log topic and a table in `landing`. */
const ofEvents = {
  leads,
  coupons,
  coin_transactions: coinTransactions,
  reviews,
  orders,
  review_requests: reviewRequests,
  referrals,
  coin_expiries: coinExpiries,
  other_events: otherEvents,
  activities,
  activity_items: activityItems
}
export type EventRecord = keyof typeof ofEvents
export const eventRecords = Object.keys(ofEvents) as readonly EventRecord[]

/** All Avro records: those of events, those that account for webhooks, and what has changed. */
export const records = { ...ofEvents, raw_webhooks: rawWebhooks, receipts, dead_letters: deadLetters, changes }
export type RecordName = keyof typeof records
export const recordNames = Object.keys(records) as readonly RecordName[]

/** A row of a record. */
export type RowOf<R extends RecordName> = Row<typeof records[R]['fields']>
