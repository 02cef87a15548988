import { boolean, decimal, text, timestamp } from '../../fields.ts'
import { deterministicId } from '../../event-id.ts'
import { nectorRecord, ownId } from './nector-record.ts'

/** A customer of the loyalty programme. */
export const lead = nectorRecord({
  record: 'leads',
  topics: ['lead_create', 'lead_update'],
  fields: {
    entity_id: text,
    referral_code: text,
    customer_id: text,
    referred_by_referral_code: text,
    name: text,
    available: decimal,
    tier: text,
    type: text,
    classification: text,
    transaction_amount: decimal,
    last_transaction: text,
    accept_email: boolean,
    accept_mobile: boolean,
    accept_smartdiscountapply: boolean,
    dob: text,
    full_dob: text,
    mid: text,
    mobile: text,
    country: text,
    eid: text,
    email: text,
    email_status: text,
    is_freezed: boolean,
    created_at: timestamp,
    updated_at: timestamp
  },
  key: (lead, payload) => ownId(payload) ?? lead.customer_id ?? lead.eid ?? lead.mid ?? (lead.email === null ? null : deterministicId(lead.email.trim().toLowerCase())) ?? lead.mobile,
  occurredAt: (lead) => lead.updated_at ?? lead.created_at
})
