import { day, second } from '../durations.ts'
import { issueCoupon, offers } from './coupons.ts'
import { join } from './leads.ts'
import type { Person, Referral } from './person.ts'
import { notifyFriend, nudgeFriend } from './referral-events.ts'
import { visit } from './visits.ts'
import type { World } from './world.ts'

/** A member shares the referral link, and a friend signs up with it: who then buys, perhaps after a nudge, or does not. Returns the friend. */
export function share (world: World, member: Person): Person {
  const { random } = world
  const friend = world.newPerson()
  friend.referredByCode = member.referralCode
  join(world, friend)
  world.later(random.between(2, 15) * second, () => {
    const referral: Referral = {
      id: random.uuid(),
      mode: random.chance(0.7) ? 'link' : 'code',
      by: member,
      to: friend,
      friendCouponId: issueCoupon(world, friend, offers.friend).id,
      createdAt: world.now(),
      nudges: 0,
      nudgedAt: undefined,
      version: 0
    }
    friend.referral = referral
    notifyFriend(world, referral)
    for (const days of [1, 3, 6]) {
      world.later(days * day, () => {
        if (friend.referral === referral && random.chance(0.8)) nudgeFriend(world, referral)
      })
    }
    if (random.chance(0.75)) {
      world.later(random.exponential(1.5 * day), () => { visit(world, friend, { interest: 1.6, journey: 'Referral welcome' }) })
    }
  })
  return friend
}
