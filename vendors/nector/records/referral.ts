import { decimal, integer, text, timestamp } from '../../fields.ts'
import { joinKey, nectorRecord } from './nector-record.ts'

const nudge = 'incompletereferralrequest_create'

/** A referral: told to the friend (referee), nudged while incomplete, told to the referrer once complete. */
export const referral = nectorRecord({
  record: 'referrals',
  topics: ['refereenotify_create', 'referrernotify_create', nudge],
  fields: {
    _id: text,
    entity_id: text,
    coupon_id: text,
    wallettransaction_id: text,
    order_id: text,
    referral_mode: text,
    referred_by_name: text,
    referred_by_lead_id: text,
    referred_by_eid: text,
    referred_by_mid: text,
    referred_to_name: text,
    referred_to_lead_id: text,
    referred_to_eid: text,
    referred_to_mid: text,
    meta_referred_by_coupon_id: text,
    meta_referred_to_coupon_id: text,
    meta_incompletereferralrequest_count: integer,
    meta_incompletereferralrequest_sentat: timestamp,
    meta_referred_by_wallettransaction_id: text,
    meta_referred_to_wallettransaction_id: text,
    status: text,
    created_at: timestamp,
    updated_at: timestamp,
    version: integer,
    // where the referrer's reward is coins
    wallettransaction_title: text,
    wallettransaction_description: text,
    wallettransaction_amount: decimal,
    wallettransaction_closing_balance: decimal,
    // where the referrer's reward is a coupon
    coupon_name: text,
    coupon_description: text,
    coupon_value: text,
    coupon_fiat_value: decimal,
    coupon_fiat_target: text,
    coupon_fiat_class: text,
    coupon_minimumcart_amount: decimal,
    coupon_formatted_expire: text,
    coupon_expire: timestamp,
    coupon_redirect_link: text
  },
  key: (referral) => referral._id ?? joinKey(referral.referred_by_lead_id, referral.referred_to_lead_id),
  occurredAt: (referral, { topic, sentAt }) =>
    (topic === nudge ? referral.meta_incompletereferralrequest_sentat ?? sentAt : null) ?? referral.updated_at ?? referral.created_at
})
