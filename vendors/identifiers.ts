import { hash } from 'node:crypto'
import type { ReadMobile } from './mobile-number.ts'
import { remembering } from './remembering.ts'

/** What an event says of a person, as sent. */
export interface PersonAsSent {
  /** The shop's id, with or without the prefix of its platform. */
  readonly customerId?: string | null
  readonly email?: string | null
  readonly mobile?: string | null
  /** Hashes that the vendor has made itself; they go before ours. */
  readonly emailHash?: string | null
  readonly mobileHash?: string | null
  readonly leadId?: string | null
}

/** The same in a form that is equal for one person whoever sends it, and without an address in it. */
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

/** The vendor's hash may be of the same number written in another way. */
function distinct (first: string | null, second: string | null): readonly string[] {
  if (first === null) return []
  if (second === null || second === first) return [first]
  return first < second ? [first, second] : [second, first]
}

/** The key of a user of a Netcore panel under each reading that the configuration may give it. */
export interface Identity {
  readonly emailHash: string | null
  /** Null where it can be no mobile number. */
  readonly mobileHash: string | null
  /** Null where it is an e-mail, whatever the panel's key is said to be: an address must not leave landing in clear. */
  readonly customerId: string | null
}

const nobody: Identity = { emailHash: null, mobileHash: null, customerId: null }

export function identityReadings (identity: string | null, readMobile: ReadMobile): Identity {
  if (identity === null) return nobody
  if (identity.includes('@')) return { emailHash: hashOfEmail(identity), mobileHash: null, customerId: null }
  return { emailHash: hashOfEmail(identity), mobileHash: hashOfMobile(identity, readMobile), customerId: withoutPlatform(identity) }
}

/** Compared trimmed and in lower case, as Nector's own `eid` is, and no cleverer than that. */
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
