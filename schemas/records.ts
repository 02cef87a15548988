/** Avro records that events become, each the name of its .avsc, its log topic and its table in `landing`. */
export const eventRecords = [
  'leads', 'coupons', 'coin_transactions', 'reviews', 'orders', 'review_requests', 'referrals', 'coin_expiries',
  'other_events', 'activities', 'activity_items'
] as const
export type EventRecord = typeof eventRecords[number]

/** All Avro records: those of events, and those that account for webhooks. */
export const recordNames = [...eventRecords, 'raw_webhooks', 'receipts', 'dead_letters'] as const
export type RecordName = typeof recordNames[number]
