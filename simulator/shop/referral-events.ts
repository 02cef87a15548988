import { creditCoins } from './coins.ts'
import { discountLink, issueCoupon, offers } from './coupons.ts'
import { formatTime, isoTime } from './formatted-time.ts'
import type { Person, Referral } from './person.ts'
import type { Payload } from '../webhook.ts'
import type { World } from './world.ts'

/** The friend is told of the discount: the referral begins. */
export function notifyFriend (world: World, referral: Referral): void {
  world.nector('refereenotify_create', referral.to, describe(world, referral, { status: 'pending', coupon_id: referral.friendCouponId }))
}

export function nudgeFriend (world: World, referral: Referral): void {
  referral.nudges += 1
  referral.nudgedAt = world.now()
  referral.version += 1
  world.nector('incompletereferralrequest_create', referral.to, describe(world, referral, { status: 'pending', coupon_id: referral.friendCouponId }))
}

/** The friend's first order is complete: the referrer is rewarded, in coins or with a coupon, and told. `orderId` is Nector's own. */
export function completeReferral (world: World, friend: Person, orderId: string): void {
  const { referral } = friend
  if (referral === undefined) return
  friend.referral = undefined
  referral.version += 1
  const completed = { status: 'completed', order_id: orderId }
  if (world.random.chance(0.7)) {
    const reward = creditCoins(world, referral.by, { type: 'reward', amount: 500, title: 'Referral Reward' })
    const transactionId = world.random.uuid()
    world.nector('referrernotify_create', referral.by, {
      ...describe(world, referral, { ...completed, wallettransaction_id: transactionId }, { referred_by_wallettransaction_id: transactionId }),
      wallettransaction_title: 'Referral Reward',
      wallettransaction_description: '',
      wallettransaction_amount: 500,
      wallettransaction_closing_balance: reward?.closing_balance ?? ''
    })
    return
  }
  const coupon = issueCoupon(world, referral.by, offers.referrer)
  world.nector('referrernotify_create', referral.by, {
    ...describe(world, referral, { ...completed, coupon_id: coupon.id }, { referred_by_coupon_id: coupon.id }),
    coupon_name: coupon.offer.name,
    coupon_description: 'No minimum cart amount required',
    coupon_value: coupon.code,
    coupon_fiat_value: coupon.offer.fiatValue,
    coupon_fiat_target: 'cart',
    coupon_fiat_class: coupon.offer.fiatClass,
    coupon_minimumcart_amount: coupon.offer.minimumCart,
    coupon_formatted_expire: formatTime(coupon.expiresAt),
    coupon_expire: isoTime(coupon.expiresAt),
    coupon_redirect_link: discountLink(world, coupon.code)
  })
}

function describe (world: World, { id, mode, by, to, friendCouponId, createdAt, nudges, nudgedAt, version }: Referral, fields: Payload, meta: Payload = {}): Payload {
  return {
    _id: id,
    entity_id: world.entityId,
    coupon_id: '',
    wallettransaction_id: '',
    order_id: '',
    referral_mode: mode,
    referred_by_name: by.name,
    referred_by_lead_id: by.leadId,
    referred_by_eid: by.eid,
    referred_by_mid: by.mid,
    referred_to_name: to.name,
    referred_to_lead_id: to.leadId,
    referred_to_eid: to.eid,
    referred_to_mid: to.mid,
    meta: {
      referred_by_coupon_id: null,
      referred_to_coupon_id: friendCouponId,
      incompletereferralrequest_count: nudges,
      incompletereferralrequest_sentat: nudgedAt === undefined ? null : isoTime(nudgedAt),
      referred_by_wallettransaction_id: null,
      referred_to_wallettransaction_id: null,
      ...meta
    },
    created_at: isoTime(createdAt),
    updated_at: isoTime(world.now()),
    version,
    ...fields
  }
}
