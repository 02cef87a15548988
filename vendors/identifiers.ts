import { hash } from 'node:crypto'
import type { ReadMobile } from './mobile-number.ts'
import { isNobody, isNobodysEmail, isNobodysMobile } from './placeholders.ts'
import { remembering } from './remembering.ts'

export type ReadCustomerId = (text: string) => string | null

/** How identifiers of one business are read. */
export interface IdentifierReaders {
  readonly readMobile: ReadMobile
  readonly readCustomerId: ReadCustomerId
}

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

export function personOf (sent: PersonAsSent, { readMobile, readCustomerId }: IdentifierReaders): Person {
  const shopCustomerId = sent.customerId === undefined || sent.customerId === null ? null : readCustomerId(sent.customerId)
  const ownEmailHash = hashOfEmail(sent.email ?? null)
  const ownMobileHash = hashOfMobile(sent.mobile ?? null, readMobile)
  // the vendor hashes placeholders as well: its hash of one ties nobody either
  const emailHash = isGiven(sent.email) && ownEmailHash === null ? null : sent.emailHash ?? ownEmailHash
  const mobileHash = isGiven(sent.mobile) && ownMobileHash === null ? null : sent.mobileHash ?? ownMobileHash
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

export function identityReadings (identity: string | null, { readMobile, readCustomerId }: IdentifierReaders): Identity {
  if (identity === null || isNobody(identity)) return nobody
  if (identity.includes('@')) return { emailHash: hashOfEmail(identity), mobileHash: null, customerId: null }
  return { emailHash: hashOfText(identity), mobileHash: hashOfMobile(identity, readMobile), customerId: readCustomerId(identity) }
}

/** Compared trimmed and in lower case, as Nector's own `eid`, and no further. */
const hashOfText = remembering((email) => {
  const compared = email.trim().toLowerCase()
  return compared === '' ? null : hash('sha256', compared)
})
const hashOfDigits = remembering((digits) => hash('sha256', digits))

/** Null for what is no e-mail, and for placeholders. */
function hashOfEmail (email: string | null): string | null {
  return email === null || isNobodysEmail(email.trim().toLowerCase()) ? null : hashOfText(email)
}

function isGiven (text: string | null | undefined): text is string {
  return text !== null && text !== undefined && text.trim() !== ''
}

function hashOfMobile (mobile: string | null, readMobile: ReadMobile): string | null {
  const digits = mobile === null || isNobody(mobile) ? null : readMobile(mobile)
  return digits === null || isNobodysMobile(digits) ? null : hashOfDigits(digits)
}

/** Strips the prefix of a platform from a customer id: `7002` of `woocommerce-7002`, the longest that fits. Null for placeholders and empty ids. */
export function customerIdReader (prefixes: readonly string[]): ReadCustomerId {
  const longestFirst = [...prefixes].sort((a, b) => b.length - a.length)
  return (text) => {
    const id = text.trim()
    if (isNobody(id)) return null
    const prefix = longestFirst.find((one) => id.startsWith(one)) ?? ''
    const bare = id.slice(prefix.length)
    return bare === '' || isNobody(bare) ? null : bare
  }
}
