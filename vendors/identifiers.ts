import { hash } from 'node:crypto'
import type { ReadMobile } from './mobile-number.ts'
import { remembering } from './remembering.ts'

/** The identifiers of a person in an event, as sent. */
export interface PersonAsSent {
  /** The shop's customer id, with or without the prefix of its platform. */
  readonly customerId?: string | null
  readonly email?: string | null
  readonly mobile?: string | null
  /** Hashes computed by the vendor; they take precedence over ours. */
  readonly emailHash?: string | null
  readonly mobileHash?: string | null
  readonly leadId?: string | null
}

/** Normalised: equal for one person whichever vendor sends them, and without an address in clear. */
export interface Person {
  readonly shopCustomerId: string | null
  readonly emailHash: string | null
  readonly mobileHash: string | null
  /** `customer:`, `email:`, `mobile:` and `nector:` with an id or hash, best first, which is the order of the alphabet: all are one person. */
  readonly identifiers: readonly string[]
}

export function personOf (sent: PersonAsSent, readMobile: ReadMobile): Person {
  const shopCustomerId = withoutPlatform(sent.customerId ?? null)
  const emailHash = sent.emailHash ?? hashOfEmail(sent.email ?? null)
  const ownMobileHash = hashOfMobile(sent.mobile ?? null, readMobile)
  const mobileHash = sent.mobileHash ?? ownMobileHash
  const identifiers: string[] = []
  if (shopCustomerId !== null) identifiers.push(`customer:${shopCustomerId}`)
  if (emailHash !== null) identifiers.push(`email:${emailHash}`)
  for (const one of distinct(mobileHash, ownMobileHash)) identifiers.push(`mobile:${one}`)
  if (sent.leadId !== null && sent.leadId !== undefined) identifiers.push(`nector:${sent.leadId}`)
  return { shopCustomerId, emailHash, mobileHash, identifiers }
}

/** The vendor's hash may be of another spelling of the same number. */
function distinct (first: string | null, second: string | null): readonly string[] {
  if (first === null) return []
  if (second === null || second === first) return [first]
  return first < second ? [first, second] : [second, first]
}

/** The primary key of a Netcore user under each reading that the configuration may select. */
export interface Identity {
  readonly emailHash: string | null
  /** Null if it cannot be a mobile number. */
  readonly mobileHash: string | null
  /** Null for an e-mail, whatever the panel's key is configured to be: an address must not leave landing in clear. */
  readonly customerId: string | null
}

const nobody: Identity = { emailHash: null, mobileHash: null, customerId: null }

export function identityReadings (identity: string | null, readMobile: ReadMobile): Identity {
  if (identity === null) return nobody
  if (identity.includes('@')) return { emailHash: hashOfEmail(identity), mobileHash: null, customerId: null }
  return { emailHash: hashOfEmail(identity), mobileHash: hashOfMobile(identity, readMobile), customerId: withoutPlatform(identity) }
}

/** Compared trimmed and in lower case, as Nector's own `eid`, and no further. */
const hashOfText = remembering((email) => {
  const compared = email.trim().toLowerCase()
  return compared === '' ? null : hash('sha256', compared)
})
const hashOfDigits = remembering((digits) => hash('sha256', digits))

function hashOfEmail (email: string | null): string | null {
  return email === null ? null : hashOfText(email)
}

function hashOfMobile (mobile: string | null, readMobile: ReadMobile): string | null {
  const digits = mobile === null ? null : readMobile(mobile)
  return digits === null ? null : hashOfDigits(digits)
}

function withoutPlatform (customerId: string | null): string | null {
  return customerId === null ? null : customerId.replace(/^shopify-/, '')
}
