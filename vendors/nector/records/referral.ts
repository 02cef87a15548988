import { personOf } from '../../identifiers.ts'
import { joinKey, nectorRecord } from './nector-record.ts'

const nudge = 'incompletereferralrequest_create'

/** A referral: told to the friend (referee), nudged while incomplete, told to the referrer once complete. */
export const referral = nectorRecord({
  record: 'referrals',
  topics: ['refereenotify_create', 'referrernotify_create', nudge],
  key: (referral) => referral._id ?? joinKey(referral.referred_by_lead_id, referral.referred_to_lead_id),
  occurredAt: (referral, { topic, sentAt }) =>
    (topic === nudge ? referral.meta_incompletereferralrequest_sentat ?? sentAt : null) ?? referral.updated_at ?? referral.created_at,
  derive: (referral, source) => ({
    referrer_identifiers: personOf({ emailHash: referral.referred_by_eid, mobileHash: referral.referred_by_mid, leadId: referral.referred_by_lead_id }, source).identifiers,
    friend_identifiers: personOf({ emailHash: referral.referred_to_eid, mobileHash: referral.referred_to_mid, leadId: referral.referred_to_lead_id }, source).identifiers
  })
})
