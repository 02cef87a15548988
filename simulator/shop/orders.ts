import { creditCoins, debitCoins } from './coins.ts'
import { issueCoupon, offers, redeemCoupon } from './coupons.ts'
import { day, hour } from '../durations.ts'
import { isoTime } from './formatted-time.ts'
import { updateTier } from './leads.ts'
import type { Basket } from './basket.ts'
import type { Person } from './person.ts'
import { completeReferral } from './referral-events.ts'
import { askForReview } from './reviews.ts'
import type { Payload } from '../webhook.ts'
import type { World } from './world.ts'

/** An order of the shop. Amounts are in hundredths of the currency. */
export interface Order {
  /** Nector's own id, which only referrals name. */
  readonly id: string
  readonly person: Person
  readonly basket: Basket
  readonly amount: number
  readonly coinsSpent: number
  readonly coinReward: number
  /** What the order says for as long as it exists. */
  readonly fixed: Payload
  readonly meta: Payload
}

/** A member orders: coins and a coupon are spent, then the order goes its way to completion, cancellation or refund. */
export function placeOrder (world: World, person: Person, basket: Basket): void {
  const { random } = world
  const couponDiscount = person.coupons.length > 0 && random.chance(0.7) ? redeemCoupon(world, person, basket.amount) : 0
  const coinsSpent = spendCoins(world, person, basket.amount - couponDiscount)
  const order = createOrder(world, person, { basket, couponDiscount, coinsSpent })
  sendOrder(world, 'order_create', order, { status: 'pending', delivery: 'pending' })
  const fate = random.next()
  if (fate < 0.07) {
    world.later(random.between(0.5, 20) * hour, () => { undo(world, order, 'cancelled', 0) })
    return
  }
  if (random.chance(0.7)) world.later(random.between(0.5, 8) * hour, () => { sendOrder(world, 'order_update', order, { status: 'processing', delivery: 'shipped' }) })
  world.later(random.between(9 * hour, 4 * day), () => {
    complete(world, order)
    if (fate < 0.12) world.later(random.between(1, 7) * day, () => { undo(world, order, 'refunded', order.coinReward) })
  })
}

function spendCoins (world: World, person: Person, amount: number): number {
  const coinValue = 100 * Number(world.sources.business.coinValue)
  if (person.wallet.balance < 40 || coinValue === 0 || world.random.chance(0.5)) return 0
  const coins = Math.min(person.wallet.balance, Math.floor(0.2 * amount / coinValue))
  debitCoins(world, person, { type: 'redeem', amount: coins, title: 'Coins redeemed' })
  return coins
}

interface Purchase {
  readonly basket: Basket
  /** In hundredths of the currency. */
  readonly couponDiscount: number
  readonly coinsSpent: number
}

function createOrder (world: World, person: Person, { basket, couponDiscount, coinsSpent }: Purchase): Order {
  const { random, sources: { business } } = world
  const discount = couponDiscount + Math.round(coinsSpent * 100 * Number(business.coinValue))
  const amount = Math.max(0, basket.amount - discount)
  const coinReward = Math.floor(amount / 100 * ({ '': 0.05, silver: 0.07, gold: 0.1 } as const)[person.tier])
  const number = world.nextOrder()
  const reference = String(5_372_000_000_000 + number * 1_000 + random.integer(0, 999))
  const currency = business.currency.toLowerCase()
  return {
    id: random.uuid(),
    person,
    basket,
    amount,
    coinsSpent,
    coinReward,
    fixed: {
      entity_id: world.entityId,
      lead_id: person.leadId,
      reference_order_name: `#${1000 + number}`,
      reference_order_id: reference,
      reference_order_source: 'shopify',
      activity_id: '',
      currency_code: currency,
      reference_cart_token: random.hex(32),
      fiat_amount: amount / 100,
      fiat_discount: discount === 0 ? '' : discount / 100,
      fiat_tax: Math.round(amount * 18 / 118) / 100,
      payment_source: random.pick(['upi', 'card', 'netbanking', 'cod']),
      payment_medium: 'direct',
      utm_source: random.pick(['', '', 'newsletter', 'instagram']),
      utm_medium: '',
      utm_campaign: '',
      order_driven_by: discount > 0 ? 'nector' : '',
      couponredeem_driven_by: couponDiscount > 0 ? 'manual_slide' : '',
      created_at: isoTime(world.now())
    },
    meta: {
      lead_name: person.name,
      coin_spent: coinsSpent === 0 ? '' : coinsSpent,
      coin_reward: coinReward,
      currency_code: currency,
      redirect_link: `${world.shopUri}/orders/${random.hex(32)}`
    }
  }
}

interface OrderState {
  readonly status: string
  readonly delivery: string
  readonly financial?: string
}

const completed: OrderState = { status: 'completed', delivery: 'delivered' }

function complete (world: World, order: Order): void {
  const { person } = order
  sendOrder(world, 'order_update', order, completed)
  creditCoins(world, person, { type: 'reward', amount: order.coinReward, title: `Reward for order ${String(order.fixed['reference_order_name'])}` })
  person.spent += order.amount
  updateTier(world, person)
  completeReferral(world, person, order.id)
  if (world.random.chance(0.15)) issueCoupon(world, person, offers.thanks)
  askForReview(world, person, order.basket.lines, describeOrder(world, order, completed))
}

/** Earned coins are taken back as far as they are still there; spent ones are returned. */
function undo (world: World, order: Order, status: 'cancelled' | 'refunded', earned: number): void {
  const { person, coinsSpent } = order
  sendOrder(world, 'order_update', order, { status, delivery: status === 'refunded' ? 'returned' : 'cancelled', financial: 'refunded' })
  debitCoins(world, person, { type: 'adjust', amount: earned, title: 'Reward reversed' })
  creditCoins(world, person, { type: 'adjust', amount: coinsSpent, title: 'Coins returned' })
  if (status !== 'refunded') return
  person.spent -= order.amount
  updateTier(world, person)
}

function sendOrder (world: World, topic: 'order_create' | 'order_update', order: Order, state: OrderState): void {
  world.nector(topic, order.person, describeOrder(world, order, state))
}

function describeOrder (world: World, { fixed, meta }: Order, { status, delivery, financial = 'paid' }: OrderState): Payload {
  return { ...fixed, status, financial_status: financial, delivery_status: delivery, meta, updated_at: isoTime(world.now()) }
}
