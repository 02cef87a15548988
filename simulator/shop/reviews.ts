import type { Basket } from './basket.ts'
import { creditCoins } from './coins.ts'
import { day, hour } from '../durations.ts'
import { isoTime } from './formatted-time.ts'
import type { Person } from './person.ts'
import type { Payload } from '../webhook.ts'
import type { World } from './world.ts'

const opinions = [
  [5, 'Loved it', 'Exactly as shown, arrived in two days.'], [5, 'Gift for my mother', 'She likes it so much that I ordered again.'], [4, 'Good', 'Good value, packing could be better.'],
  [3, 'Okay', 'Smaller than I thought.'], [2, 'Late', 'Came a week late.'], [1, 'Damaged', 'The lid was broken, waiting for the refund.']
] as const

/** Some are asked for a review of what they ordered, some of those write one, and some reviews earn coins. */
export function askForReview (world: World, person: Person, [{ product }]: Basket['lines'], order: Payload): void {
  const { random } = world
  if (!random.chance(0.6)) return
  world.later(random.between(0.5, 3) * day, () => {
    world.nector('reviewrequest_create', person, { ...order, order_review_link: `https://reviews.example.com/?order_id=${String(order['reference_order_id'])}` })
    if (random.chance(0.35)) world.later(random.between(1, 40) * hour, () => { review(world, person, product.id, product.name) })
  })
}

function review (world: World, person: Person, productId: number, productName: string): void {
  const { random } = world
  const [rating, title, description] = random.pick(opinions)
  const rewarded = random.chance(0.6)
  const written: Payload = {
    entity_id: world.entityId,
    lead_id: person.leadId,
    order_id: '',
    activity_id: '',
    reference_product_name: productName,
    reference_product_source: 'shopify',
    reference_product_id: String(productId),
    reference_product_redirect_link: `${world.shopUri}/products/${productId}`,
    reference_review_source: '',
    reference_review_id: '',
    type: 'review',
    name: person.name,
    rating,
    title,
    description,
    reply_to: '',
    meta: { coin_reward: rewarded ? '20' : '', is_rewarded: '' },
    is_verified: true,
    is_approved: '',
    is_featured: '',
    updated_at: isoTime(world.now()),
    created_at: isoTime(world.now())
  }
  world.nector('review_create', person, written)
  if (!random.chance(0.7)) return
  world.later(random.between(0.5, 30) * hour, () => {
    world.nector('review_update', person, {
      ...written, meta: { coin_reward: rewarded ? '20' : '', is_rewarded: rewarded ? true : '' }, is_approved: true, updated_at: isoTime(world.now())
    })
    if (rewarded) creditCoins(world, person, { type: 'reward', amount: 20, title: 'Thank you for the review' })
  })
}
