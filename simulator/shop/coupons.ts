import { day } from '../durations.ts'
import { formatTime, isoTime } from './formatted-time.ts'
import type { Coupon, CouponOffer, Person } from './person.ts'
import type { World } from './world.ts'

export const offers = {
  thanks: { name: '10% Off coupon', type: 'manual_redeem', fiatClass: 'percent', fiatValue: 10, minimumCart: 999 },
  friend: { name: '₹100 Off coupon', type: 'referral', fiatClass: 'amount', fiatValue: 100, minimumCart: 499 },
  referrer: { name: '₹200 Off coupon', type: 'referral', fiatClass: 'amount', fiatValue: 200, minimumCart: '' }
} as const satisfies Record<string, CouponOffer>

/** Gives a member a coupon, and reminds of it while it is unused. */
export function issueCoupon (world: World, person: Person, offer: CouponOffer): Coupon {
  const { random } = world
  const issuedAt = isoTime(world.now())
  const expiresAt = world.now() + random.integer(10, 30) * day
  const code = `nec${random.hex(14)}`
  const coupon: Coupon = {
    offer,
    id: random.uuid(),
    code,
    expiresAt,
    redeemed: false,
    payload: {
      entity_id: world.entityId,
      lead_id: person.leadId,
      activity_id: '',
      offer_id: random.uuid(),
      reference_coupon_id: `${random.hex(8)}::${random.hex(8)}`,
      reference_coupon_source: 'shopify',
      name: offer.name,
      description: offer.minimumCart === '' ? 'No minimum cart amount required' : `Minimum cart amount of ₹${offer.minimumCart}`,
      type: offer.type,
      value: code,
      fiat_class: offer.fiatClass,
      fiat_value: offer.fiatValue,
      fiat_target: 'cart',
      minimumcart_amount: offer.minimumCart,
      meta: { lead_name: person.name },
      status: 'issued',
      redirect_link: discountLink(world, code),
      expire: isoTime(expiresAt),
      formatted_expire: formatTime(expiresAt),
      updated_at: issuedAt,
      created_at: issuedAt
    }
  }
  person.coupons.push(coupon)
  world.nector('coupon_create', person, coupon.payload)
  world.later(random.between(2, 6) * day, () => {
    if (!coupon.redeemed && random.chance(0.6)) world.nector('unusedcouponrequest_create', person, coupon.payload)
  })
  return coupon
}

/** Redeems the oldest coupon that fits the cart, if any. The amount is in hundredths; returns the discount in hundredths. */
export function redeemCoupon (world: World, person: Person, amount: number): number {
  const coupon = person.coupons.find(({ offer, expiresAt }) => expiresAt > world.now() && amount >= 100 * Number(offer.minimumCart))
  if (coupon === undefined) return 0
  person.coupons.splice(person.coupons.indexOf(coupon), 1)
  coupon.redeemed = true
  world.nector('coupon_update', person, { ...coupon.payload, status: 'redeemed', updated_at: isoTime(world.now()) })
  const { fiatClass, fiatValue } = coupon.offer
  return Math.min(amount, fiatClass === 'percent' ? Math.round(amount * fiatValue / 100) : 100 * fiatValue)
}

export function discountLink (world: World, code: string): string {
  return `${world.shopUri}/discount/${code}?utm_source=nector&utm_medium=webhook&utm_campaign=transactional`
}
