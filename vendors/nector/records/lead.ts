import { deterministicId } from '../../event-id.ts'
import { nectorRecord, ownId } from './nector-record.ts'

/** A customer of the loyalty programme. */
export const lead = nectorRecord({
  record: 'leads',
  topics: ['lead_create', 'lead_update'],
  key: (lead, payload) => ownId(payload) ?? lead.customer_id ?? lead.eid ?? lead.mid ?? (lead.email === null ? null : deterministicId(lead.email.trim().toLowerCase())) ?? lead.mobile,
  occurredAt: (lead) => lead.updated_at ?? lead.created_at,
  // a lead is the customer itself, and its payload has no lead_id
  person: (lead) => ({
    customerId: lead.customer_id ?? lead.user_customer_id,
    emailHash: lead.eid,
    email: lead.email ?? lead.user_email,
    mobileHash: lead.mid,
    mobile: lead.mobile ?? lead.user_mobile
  })
})
