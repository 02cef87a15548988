import { joinKey, nectorRecord, ownId } from './nector-record.ts'

/** Sent as a reminder of a coupon that exists: it happened when it was sent, not when the coupon last changed. */
const nudge = 'unusedcouponrequest_create'

export const coupon = nectorRecord({
  record: 'coupons',
  topics: ['coupon_create', 'coupon_update', nudge],
  key: (coupon, payload) => ownId(payload) ?? joinKey(coupon.reference_coupon_source, coupon.reference_coupon_id) ?? coupon.value,
  occurredAt: (coupon, { topic, sentAt }) => (topic === nudge ? sentAt : null) ?? coupon.updated_at ?? coupon.created_at
})
