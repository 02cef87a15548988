import type { Facts } from './facts.ts'
import { happenedAt, type NectorEvent } from './nector-events.ts'
import { countsAsRevenue, currencyOf, ordersOf } from './orders.ts'
import { createdAt, joined, recordsOf, type NectorRecord } from './records.ts'
import { decimalOf, decimalText, least, sum, textOf, timeOf, timeText, type Payload, type Row } from './values.ts'

export interface Referral {
  readonly business: string
  readonly key: string
  readonly mode: string | null
  readonly status: string | null
  readonly referrer: string | null
  readonly friend: string | null
  readonly order: string | null
  readonly createdAt: number
  readonly nudgedAt: number | null
  readonly completedAt: number | null
  readonly orderAmount: bigint | null
  readonly orderCurrency: string | null
  readonly referrerCoins: bigint | null
  readonly friendCoins: bigint | null
  readonly referrerCoupon: bigint | null
  readonly friendCoupon: bigint | null
}

const nudge = 'incompletereferralrequest_create'
const hour = 3_600_000

export function referralsOf (facts: Facts): Referral[] {
  const orders = ordersOf(facts)
  const records = recordsOf(facts.events, ['refereenotify_create', 'referrernotify_create', nudge], (p) => joined(textOf(p['referred_by_lead_id']), textOf(p['referred_to_lead_id'])), reportedAt)
  const told = records.map(({ business, key, events }): Told => {
    const byRecency = [...events].sort((a, b) => versionOf(a) - versionOf(b) || reportedAt(a) - reportedAt(b) || a.receivedAt - b.receivedAt)
    const lastText = (name: string): string | null => byRecency.flatMap(({ payload }) => textOf(payload[name]) ?? []).at(-1) ?? null
    // referrernotify_create tells of the referrer's reward, the other topics of the friend's
    const [toReferrer, toFriend] = [byRecency.filter(({ topic }) => topic === 'referrernotify_create'), byRecency.filter(({ topic }) => topic !== 'referrernotify_create')]
    return {
      business,
      key,
      mode: lastText('referral_mode'),
      status: lastText('status'),
      referrer: lastText('referred_by_lead_id'),
      friend: lastText('referred_to_lead_id'),
      order: lastText('order_id'),
      createdAt: least(events.map((event) => timeOf(event.payload['created_at']) ?? reportedAt(event))) ?? 0,
      nudgedAt: least(events.flatMap((event) => nudgeOf(event) ?? [])),
      completedAt: least(events.filter(({ payload }) => payload['status'] === 'completed').map(reportedAt)),
      referrerCoins: lastCoins(toReferrer),
      friendCoins: lastCoins(toFriend),
      referrerCoupon: lastCoupon(toReferrer),
      // one coupon of which both are told is given once
      friendCoupon: lastCoupon(toReferrer) !== null && codeOf(toFriend) !== null && codeOf(toFriend) === codeOf(toReferrer) ? null : lastCoupon(toFriend)
    }
  })
  const found = told.map((referral) => ({ referral, ...orderOf(referral, orders) }))
  return found.map(({ referral, order, isNamed }) => {
    // an order counts once: for the referral that names it, else for the earliest
    const rivals = found.filter((other) => other.order === order && other.isNamed === found.some((one) => one.order === order && one.isNamed))
    const first = rivals.sort((a, b) => a.referral.createdAt - b.referral.createdAt || (a.referral.key < b.referral.key ? -1 : 1))[0]
    if (order === undefined || first?.referral !== referral || first.isNamed !== isNamed) return { ...referral, orderAmount: null, orderCurrency: null }
    return { ...referral, orderAmount: countsAsRevenue(order) ? decimalOf(order.latest.payload['fiat_amount']) : 0n, orderCurrency: currencyOf(facts, order.latest) }
  })
}

type Told = Omit<Referral, 'orderAmount' | 'orderCurrency'>

function versionOf ({ payload }: NectorEvent): number {
  return Number(textOf(payload['version']) ?? 0)
}

/** A nudge happened when it was sent, whatever the referral's own times say. */
function reportedAt (event: NectorEvent): number {
  return (event.topic === nudge ? timeOf(event.meta['incompletereferralrequest_sentat']) ?? event.sentAt : null) ?? happenedAt(event)
}

function nudgeOf (event: NectorEvent): number | null {
  return timeOf(event.meta['incompletereferralrequest_sentat']) ?? (event.topic === nudge ? reportedAt(event) : null)
}

function lastCoins (events: readonly NectorEvent[]): bigint | null {
  return events.flatMap(({ payload }) => decimalOf(payload['wallettransaction_amount']) ?? []).at(-1) ?? null
}

function codeOf (events: readonly NectorEvent[]): string | null {
  return events.flatMap(({ payload }) => textOf(payload['coupon_value']) ?? []).at(-1) ?? null
}

/** A percentage is no money. */
function lastCoupon (events: readonly NectorEvent[]): bigint | null {
  return events.filter(({ payload }) => payload['coupon_fiat_class'] === 'amount').flatMap(({ payload }) => decimalOf(payload['coupon_fiat_value']) ?? []).at(-1) ?? null
}

/** The friend's order that the referral names, else the first one between creation and completion, preferably one that counts as revenue. */
function orderOf (told: Told, orders: readonly NectorRecord[]): { readonly order: NectorRecord | undefined, readonly isNamed: boolean } {
  const first = orders
    .filter(({ business, latest }) => business === told.business && told.friend !== null && textOf(latest.payload['lead_id']) === told.friend)
    .sort((a, b) => createdAt(a) - createdAt(b) || (a.key < b.key ? -1 : 1))
  const isNamedIn = (payload: Payload, key: string): boolean => told.order !== null && [key, textOf(payload['reference_order_id'])].includes(told.order)
  const between = first.filter((order) => told.completedAt !== null && createdAt(order) >= told.createdAt && createdAt(order) <= told.completedAt)
  const named = first.filter(({ latest, key }) => isNamedIn(latest.payload, key))
  const order = [named.find(countsAsRevenue), named[0], between.find(countsAsRevenue), between[0]].find((one) => one !== undefined)
  return { order, isNamed: order !== undefined && named.includes(order) }
}

export function hoursOf ({ createdAt, completedAt }: Referral): number | null {
  return completedAt === null ? null : (completedAt - createdAt) / hour
}

function sumOfKnown (...values: ReadonlyArray<bigint | null>): bigint | null {
  return values.every((value) => value === null) ? null : sum(values)
}

export function referrals (facts: Facts): Row[] {
  return referralsOf(facts).map((r) => ({
    business: r.business,
    referral_id: r.key,
    referral_mode: r.mode,
    status: r.status,
    referred_by_lead_id: r.referrer,
    referred_to_lead_id: r.friend,
    created_at: timeText(r.createdAt),
    nudged_at: timeText(r.nudgedAt),
    completed_at: timeText(r.completedAt),
    hours_to_convert: hoursOf(r),
    order_id: r.order,
    order_amount: decimalText(r.orderAmount),
    order_currency: r.orderCurrency,
    reward_coins: decimalText(sumOfKnown(r.referrerCoins, r.friendCoins)),
    reward_coupon_value: decimalText(sumOfKnown(r.referrerCoupon, r.friendCoupon))
  }))
}
