import { greatest, sha256, textOf, timeOf, type Payload } from './values.ts'
import type { NectorEvent } from './nector-events.ts'
import type { Activity } from './netcore-activities.ts'

/** Identifiers that one event carries together, and when it says that it happened; 1970 where it does not say. */
export interface Sighting {
  readonly business: string
  readonly lead: string | null
  readonly customer: string | null
  readonly email: string | null
  readonly mobile: string | null
  readonly seenAt: number
}

export const referralTopics = ['refereenotify_create', 'referrernotify_create', 'incompletereferralrequest_create']
export const recordTopics = [
  'coupon_create', 'coupon_update', 'unusedcouponrequest_create', 'walletreward_create', 'wallettrasaction_update', 'wallettransaction_update',
  'unusedwalletcoinrequest_create', 'review_create', 'review_update', 'order_create', 'order_update', 'reviewrequest_create', 'coinexpirynotify_create'
]

export const leadTopics: readonly string[] = ['lead_create', 'lead_update']

export function customerIdOf (value: unknown): string | null {
  return textOf(textOf(value)?.replace(/^(shopify|woocommerce)-/, ''))
}

export function emailHashOf (value: unknown): string | null {
  const text = textOf(value)
  return text === null ? null : sha256(text.trim().toLowerCase())
}

export function mobileHashOf (value: unknown): string | null {
  const digits = textOf(textOf(value)?.replace(/\D/g, ''))
  // the same digit again and again is nobody's
  return digits === null || /^(\d)\1*$/.test(digits) ? null : sha256(digits)
}

/** The people of a Nector event: one, of a referral two. A topic that we do not know says nothing of when. */
export function peopleOf ({ business, topic, payload: p }: NectorEvent): Sighting[] {
  const seenAt = timeOf(p['updated_at']) ?? timeOf(p['created_at']) ?? (topic === 'coinexpirynotify_create' ? timeOf(p['wallet_expiry_notify_generated_on']) : null) ?? 0
  if (leadTopics.includes(topic)) return [{ business, seenAt, lead: null, customer: customerIdOf(textOf(p['customer_id']) ?? p['user_customer_id']), email: textOf(p['eid']) ?? emailHashOf(textOf(p['email']) ?? p['user_email']), mobile: textOf(p['mid']) ?? mobileHashOf(textOf(p['mobile']) ?? p['user_mobile']) }]
  if (referralTopics.includes(topic)) return ['referred_by', 'referred_to'].map((side) => sideOf(p, side, business, seenAt))
  return [{ business, seenAt: recordTopics.includes(topic) ? seenAt : 0, lead: textOf(p['lead_id']), customer: customerIdOf(p['user_customer_id']), email: emailHashOf(p['user_email']), mobile: mobileHashOf(p['user_mobile']) }]
}

function sideOf (payload: Payload, side: string, business: string, seenAt: number): Sighting {
  return { business, seenAt, lead: textOf(payload[`${side}_lead_id`]), customer: null, email: textOf(payload[`${side}_eid`]), mobile: textOf(payload[`${side}_mid`]) }
}

/** The person of an activity; one that names only a device is nobody yet. */
export function sightingOf ({ business, identifier, occurredAt, dated }: Activity): Sighting[] {
  if (identifier === null) return []
  const [kind, value = null] = [identifier.slice(0, identifier.indexOf(':')), identifier.slice(identifier.indexOf(':') + 1)]
  return [{
    business, seenAt: dated ? occurredAt : 0, lead: null, customer: kind === 'customer' ? value : null, email: kind === 'email' ? value : null, mobile: kind === 'mobile' ? value : null
  }]
}

export function identifiersOf ({ lead, customer, email, mobile }: Sighting): string[] {
  return [['customer', customer], ['email', email], ['mobile', mobile], ['nector', lead]].flatMap(([kind, value]) => value === null ? [] : [`${kind}:${value}`])
}

/** What was seen last of one kind; of several at one moment the greatest. */
export function lastSeen (sightings: readonly Sighting[], kind: 'lead' | 'customer' | 'email' | 'mobile'): string | null {
  const known = sightings.filter((sighting) => sighting[kind] !== null)
  const last = greatest(known.map(({ seenAt }) => seenAt))
  return greatest(known.filter(({ seenAt }) => seenAt === last).map((sighting) => sighting[kind] ?? ''))
}
