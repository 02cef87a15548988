import { decimal, text, timestamp } from '../../fields.ts'
import { joinKey, nectorRecord, ownId } from './nector-record.ts'

/** Sent as a reminder of a coupon that exists: it happened when it was sent, not when the coupon last changed. */
const nudge = 'unusedcouponrequest_create'

export const coupon = nectorRecord({
  record: 'coupons',
  topics: ['coupon_create', 'coupon_update', nudge],
  fields: {
    entity_id: text,
    lead_id: text,
    activity_id: text,
    offer_id: text,
    reference_coupon_id: text,
    reference_coupon_source: text,
    name: text,
    description: text,
    type: text,
    value: text,
    fiat_class: text,
    fiat_value: decimal,
    fiat_target: text,
    minimumcart_amount: decimal,
    meta_lead_name: text,
    status: text,
    redirect_link: text,
    expire: timestamp,
    formatted_expire: text,
    created_at: timestamp,
    updated_at: timestamp
  },
  key: (coupon, payload) => ownId(payload) ?? joinKey(coupon.reference_coupon_source, coupon.reference_coupon_id) ?? coupon.value,
  occurredAt: (coupon, { topic, sentAt }) => (topic === nudge ? sentAt : null) ?? coupon.updated_at ?? coupon.created_at
})
