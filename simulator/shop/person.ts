import { hash } from 'node:crypto'
import type { Random } from './random.ts'
import type { Payload } from '../webhook.ts'
import { domains, firstNames, lastNames, places } from './names.ts'

/** Somebody who visits the shop; a member of the loyalty programme from `joinedAt` on. */
export interface Person {
  readonly leadId: string
  /** The shop's customer id, which Nector prefixes with `shopify-`. */
  readonly shopId: string
  readonly name: string
  readonly email: string
  readonly mobile: string
  readonly eid: string
  readonly mid: string
  readonly guid: string
  readonly device: 'web' | 'app'
  readonly city: string
  readonly state: string
  readonly referralCode: string
  joinedAt: number | undefined
  referredByCode: string
  tier: Tier
  /** Hundredths of the currency, of completed orders. */
  spent: number
  readonly wallet: Wallet
  readonly coupons: Coupon[]
  /** How this person was won, while the referral is incomplete. */
  referral: Referral | undefined
  /** Epoch seconds: `ts` has no finer unit, and equal activities of one second would be one event. */
  lastActivity: number
}

export interface CouponOffer {
  readonly name: string
  /** manual_redeem and the like: an open set of the vendor's. */
  readonly type: string
  readonly fiatClass: 'percent' | 'amount'
  readonly fiatValue: number
  readonly minimumCart: number | ''
}

export interface Coupon {
  readonly offer: CouponOffer
  readonly id: string
  readonly code: string
  readonly expiresAt: number
  readonly payload: Payload
  redeemed: boolean
}

export interface Referral {
  readonly id: string
  readonly mode: 'link' | 'code'
  readonly by: Person
  readonly to: Person
  readonly friendCouponId: string
  readonly createdAt: number
  nudges: number
  nudgedAt: number | undefined
  version: number
}

export type Tier = '' | 'silver' | 'gold'

export interface Wallet {
  balance: number
  credited: number
  debited: number
  lastMovementAt: number
  lastCredit: Payload | undefined
}

export function createPerson (random: Random, index: number): Person {
  const first = random.pick(firstNames)
  const last = random.pick(lastNames)
  const [city, state] = random.pick(places)
  const email = `${first}.${last}${index}@${random.pick(domains)}`.toLowerCase()
  const mobile = `+910${random.digits(9)}`
  return {
    leadId: random.uuid(),
    shopId: String(7_000_000_000_000 + index * 1_000 + random.integer(0, 999)),
    name: `${first} ${last}`,
    email,
    mobile,
    eid: hash('sha256', email),
    mid: hash('sha256', mobile.slice(1)),
    guid: random.uuid(),
    device: random.chance(0.85) ? 'web' : 'app',
    city,
    state,
    referralCode: `${random.hex(6)}${index.toString(36)}`,
    joinedAt: undefined,
    referredByCode: '',
    tier: '',
    spent: 0,
    wallet: { balance: 0, credited: 0, debited: 0, lastMovementAt: 0, lastCredit: undefined },
    coupons: [],
    referral: undefined,
    lastActivity: 0
  }
}

/** The customer's fields that Nector adds to every event of one. */
export function userFields (person: Person, shopUri: string): Payload {
  return {
    user_customer_id: `shopify-${person.shopId}`,
    user_name: person.name,
    user_email: person.email,
    user_mobile: person.mobile,
    user_tier: person.tier,
    user_type: 'member',
    user_referral_code: person.referralCode,
    user_referred_by_referral_code: person.referredByCode,
    user_referral_link: `${shopUri}/?nector_referral=${person.referralCode}`,
    user_new_referral_link: `${shopUri}/?nector_referral=${person.referralCode}`,
    user_available_balance: person.wallet.balance,
    user_balance: person.wallet.balance,
    user_dob: '',
    user_full_dob: '',
    user_country: 'India',
    user_transaction_amount: person.spent === 0 ? '' : person.spent / 100
  }
}
