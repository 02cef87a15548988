import type { Random } from '../../../simulator/shop/random.ts'
import { sha256 } from '../reference/values.ts'
import { leadFields, sometimes, userFields, type Identities, type Person } from './people.ts'
import { nectorTime, randomInstant } from './times.ts'

export interface NectorDraft {
  readonly topic: string
  readonly payload: Readonly<Record<string, unknown>>
}

export interface Cast {
  readonly random: Random
  readonly people: readonly Person[]
  readonly identities: Identities
}

/** Some webhook of few records, in any order and state, with fields missing. */
export function randomNector (cast: Cast): NectorDraft {
  const { random } = cast
  return random.pick([leadEvent, coinEvent, coinEvent, coinEvent, orderEvent, orderEvent, referralEvent, referralEvent, referralEvent, couponEvent, reviewEvent, expiryEvent, otherEvent])(cast)
}

/** Both, one or neither of the times of a record. */
function times ({ random }: Cast): Record<string, unknown> {
  const at = randomInstant(random)
  return {
    created_at: sometimes(random, 0.75, nectorTime(random, at)),
    updated_at: sometimes(random, 0.7, nectorTime(random, at + random.pick([0, 0, 1, 1000, 3_600_000, 26 * 3_600_000])))
  }
}

function user ({ random, people, identities }: Cast): Record<string, unknown> {
  return {
    ...userFields(random, people, random.pick(people), identities),
    user_tier: sometimes(random, 0.2, random.pick(['gold', 'platinum'])),
    user_type: sometimes(random, 0.1, 'vip')
  }
}

function amount (random: Random): unknown {
  return random.pick([0, 1, 5, '10', 12.5, '0.1', 849.54, '1000000.0000000001', '3.3333333333'])
}

function leadEvent (cast: Cast): NectorDraft {
  const { random, people, identities } = cast
  return {
    topic: random.pick(['lead_create', 'lead_update']),
    payload: {
      ...leadFields(random, people, random.pick(people), identities),
      ...times(cast),
      tier: sometimes(random, 0.5, random.pick(['gold', 'silver'])),
      type: sometimes(random, 0.5, random.pick(['member', 'guest'])),
      referral_code: sometimes(random, 0.4, random.pick(['code-1', 'code-2'])),
      referred_by_referral_code: sometimes(random, 0.2, 'code-3')
    }
  }
}

function coinEvent (cast: Cast): NectorDraft {
  const { random } = cast
  return {
    topic: random.pick(['walletreward_create', 'walletreward_create', 'wallettrasaction_update', 'wallettransaction_update', 'unusedwalletcoinrequest_create']),
    payload: {
      ...user(cast),
      ...times(cast),
      hash: sometimes(random, 0.85, `hash-${random.integer(1, 8)}`),
      amount: random.chance(0.05) ? '' : amount(random),
      closing_balance: sometimes(random, 0.7, random.pick([0, 7, '12.5', -3, 1000])),
      operation: random.chance(0.03) ? 'xx' : random.pick(['cr', 'cr', 'dr']),
      consolidated_dr: sometimes(random, 0.3, random.integer(0, 3)),
      consolidated_cr: sometimes(random, 0.3, random.integer(0, 3)),
      type: sometimes(random, 0.85, random.pick(['reward', 'reward', 'redeem', 'redeem', 'redeem', 'adjust', 'Refund', 'transfer'])),
      status: sometimes(random, 0.8, random.pick(['success', 'success', 'success', 'pending', 'failed'])),
      title: sometimes(random, 0.5, random.pick(['Purchase', 'Sign up']))
    }
  }
}

function orderEvent (cast: Cast): NectorDraft {
  const { random } = cast
  return {
    topic: random.pick(['order_create', 'order_update', 'reviewrequest_create']),
    payload: {
      ...user(cast),
      ...times(cast),
      _id: sometimes(random, 0.1, random.pick(['order-id-1', 'order-id-2'])),
      reference_order_id: sometimes(random, 0.85, random.pick(['1', '2', '3', '4', 5, 6])),
      reference_order_source: sometimes(random, 0.8, random.pick(['shopify', 'woo'])),
      reference_order_name: sometimes(random, 0.5, '#1'),
      currency_code: sometimes(random, 0.8, random.pick(['inr', 'INR', ' usd'])),
      business_currency_code: sometimes(random, 0.2, 'eur'),
      fiat_amount: sometimes(random, 0.8, amount(random)),
      fiat_discount: sometimes(random, 0.3, amount(random)),
      fiat_tax: '',
      status: sometimes(random, 0.85, random.pick(['pending', 'completed', 'completed', 'cancelled', 'refunded', 'Canceled'])),
      financial_status: sometimes(random, 0.3, random.pick(['paid', 'paid', 'partially_refunded', 'refunded', 'VOIDED'])),
      payment_source: sometimes(random, 0.2, 'card'),
      meta: sometimes(random, 0.7, { coin_spent: sometimes(random, 0.5, amount(random)), coin_reward: sometimes(random, 0.5, amount(random)) })
    }
  }
}

function referralEvent (cast: Cast): NectorDraft {
  const { random, people, identities } = cast
  const hashed = identities === 'tangled' ? 0.3 : 0
  const [by, to] = [random.pick(people), random.pick(people)]
  return {
    topic: random.pick(['refereenotify_create', 'referrernotify_create', 'incompletereferralrequest_create']),
    payload: {
      ...times(cast),
      _id: sometimes(random, 0.8, `referral-${random.integer(1, 6)}`),
      referral_mode: sometimes(random, 0.7, random.pick(['link', 'code'])),
      referred_by_lead_id: sometimes(random, 0.85, by.lead),
      referred_by_eid: sometimes(random, hashed, sha256(by.email)),
      referred_by_mid: sometimes(random, hashed, sha256(by.mobile)),
      referred_to_lead_id: sometimes(random, 0.85, to.lead),
      referred_to_eid: sometimes(random, hashed, sha256(to.email)),
      referred_to_mid: sometimes(random, hashed, sha256(to.mobile)),
      order_id: sometimes(random, 0.4, random.pick(['1', '2', 'shopify:3', 'order-id-1', 'unheard-of'])),
      status: sometimes(random, 0.7, random.pick(['completed', 'completed', 'pending'])),
      version: sometimes(random, 0.6, random.integer(0, 3)),
      meta: sometimes(random, 0.8, { incompletereferralrequest_count: 1, incompletereferralrequest_sentat: sometimes(random, 0.3, nectorTime(random, randomInstant(random))) }),
      wallettransaction_amount: sometimes(random, 0.4, amount(random)),
      coupon_value: sometimes(random, 0.5, random.pick(['code-1', 'code-2'])),
      coupon_fiat_value: sometimes(random, 0.4, amount(random)),
      coupon_fiat_class: sometimes(random, 0.8, random.pick(['amount', 'amount', 'percent']))
    }
  }
}

function couponEvent (cast: Cast): NectorDraft {
  const { random } = cast
  return {
    topic: random.pick(['coupon_create', 'coupon_update', 'unusedcouponrequest_create']),
    payload: {
      ...user(cast),
      ...times(cast),
      reference_coupon_id: sometimes(random, 0.8, random.pick(['c1', 'c2'])),
      reference_coupon_source: sometimes(random, 0.8, 'shopify'),
      value: sometimes(random, 0.8, random.pick(['TEN', 'TWENTY'])),
      name: sometimes(random, 0.5, 'Ten off'),
      fiat_class: sometimes(random, 0.8, random.pick(['amount', 'percent'])),
      fiat_value: sometimes(random, 0.8, amount(random)),
      status: sometimes(random, 0.8, random.pick(['issued', 'redeemed'])),
      expire: sometimes(random, 0.8, random.pick(['2024-04-01T00:00:00Z', '2140-01-01T00:00:00Z']))
    }
  }
}

function reviewEvent (cast: Cast): NectorDraft {
  const { random } = cast
  return {
    topic: random.pick(['review_create', 'review_update']),
    payload: {
      ...user(cast),
      ...times(cast),
      reference_product_id: sometimes(random, 0.7, random.pick(['11', 12])),
      reference_product_source: sometimes(random, 0.5, 'shopify'),
      reference_product_name: sometimes(random, 0.5, 'Snowboard'),
      rating: sometimes(random, 0.8, random.pick([5, '4.5'])),
      title: sometimes(random, 0.4, 'Fine'),
      is_approved: sometimes(random, 0.6, random.pick([true, false, 'true', 0])),
      is_verified: sometimes(random, 0.3, true),
      meta: { is_rewarded: sometimes(random, 0.3, true) }
    }
  }
}

function expiryEvent (cast: Cast): NectorDraft {
  const { random } = cast
  return {
    topic: 'coinexpirynotify_create',
    payload: {
      ...user(cast),
      wallet_expiry_amount: sometimes(random, 0.8, amount(random)),
      wallet_expiry_notify_generated_on: sometimes(random, 0.7, nectorTime(random, randomInstant(random))),
      wallet_expiry_estimated_on: sometimes(random, 0.8, nectorTime(random, randomInstant(random)))
    }
  }
}

function otherEvent (cast: Cast): NectorDraft {
  return { topic: cast.random.pick(['viptier_create', 'free_trigger']), payload: { ...user(cast), ...times(cast), tier: sometimes(cast.random, 0.4, 'silver'), amount: 5, operation: 'cr' } }
}
