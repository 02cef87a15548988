import { joinKey, nectorRecord, ownId } from './nector-record.ts'

/** A forecast of coins that expire unless the customer becomes active; not the expiry itself. */
export const coinExpiry = nectorRecord({
  record: 'coin_expiries',
  topics: ['coinexpirynotify_create'],
  // A later notice of the same expiry replaces the earlier one.
  key: (expiry, payload) => ownId(payload) ?? joinKey(
    expiry.lead_id ?? expiry.user_customer_id,
    expiry.wallet_expiry_estimated_on === null ? null : new Date(expiry.wallet_expiry_estimated_on).toISOString()
  ),
  occurredAt: (expiry, { sentAt }) => expiry.wallet_expiry_notify_generated_on ?? sentAt
})
