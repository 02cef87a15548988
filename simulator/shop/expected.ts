import type { Person } from './person.ts'
import type { Payload, SimulatedWebhook } from '../webhook.ts'

/** One event as the shop knows it. */
export type Fact =
  | { readonly vendor: 'nector', readonly topic: string, readonly person: Person, readonly payload: Payload }
  | { readonly vendor: 'netcore', readonly step: string, readonly person: Person, readonly known: boolean }

/** What analytics must say once everything that was sent has been loaded; repeats change none of it. */
export interface Expected {
  /** Webhooks sent, repeats among them. */
  readonly webhooks: number
  readonly repeats: number
  /** Events, each once: activities and Nector webhooks. */
  readonly events: number
  readonly topics: Readonly<Record<string, number>>
  /** Members of the programme, and all whom either vendor knows. */
  readonly leads: number
  readonly customers: number
  readonly coins: {
    readonly transactions: number
    readonly issued: number
    readonly spent: number
    /** Of `spent`: by customers on orders; the rest was taken back. */
    readonly redeemed: number
    /** Sum of the last closing balances. */
    readonly outstanding: number
    /** issued − spent − outstanding: expired without a webhook, as far as later balances show. */
    readonly unannounced: number
  }
  readonly referrals: { readonly created: number, readonly nudged: number, readonly completed: number }
  readonly orders: { readonly placed: number, readonly amount: number, readonly byStatus: Readonly<Record<string, number>> }
  readonly coupons: { readonly issued: number, readonly redeemed: number }
  readonly reviews: number
  readonly activities: number
  readonly steps: Readonly<Record<string, { readonly activities: number, readonly customers: number }>>
}

/** Latest of several reports about one thing, in whatever order they come. */
interface Latest<T> {
  readonly at: string
  readonly value: T
}

export function createTally () {
  let [webhooks, repeats, events, activities, issued, spent, redeemed, orderAmount] = [0, 0, 0, 0, 0, 0, 0, 0]
  const topics = new Map<string, number>()
  const customers = new Set<Person>()
  const steps = new Map<string, { activities: number, customers: Set<Person> }>()
  const referrals = { created: new Set<unknown>(), nudged: new Set<unknown>(), completed: new Set<unknown>() }
  const balances = new Map<unknown, Latest<number>>()
  const orders = new Map<unknown, Latest<string>>()
  const couponStates = new Map<unknown, Latest<string>>()

  function noteActivity ({ step, person, known }: Fact & { vendor: 'netcore' }): void {
    activities += 1
    const seen = steps.get(step) ?? { activities: 0, customers: new Set() }
    steps.set(step, seen)
    seen.activities += 1
    if (!known) return
    seen.customers.add(person)
    customers.add(person)
  }

  function noteNector ({ topic, person, payload }: Fact & { vendor: 'nector' }): void {
    topics.set(topic, (topics.get(topic) ?? 0) + 1)
    customers.add(person)
    switch (topic) {
      case 'walletreward_create': {
        const amount = Number(payload['amount'])
        if (payload['operation'] === 'cr') issued += amount
        else spent += amount
        if (payload['type'] === 'redeem') redeemed += amount
        keepLatest(balances, payload['lead_id'], String(payload['created_at']), Number(payload['closing_balance']))
        break
      }
      case 'order_create':
      case 'order_update':
        if (topic === 'order_create') orderAmount += Math.round(100 * Number(payload['fiat_amount']))
        keepLatest(orders, payload['reference_order_id'], String(payload['updated_at']), String(payload['status']))
        break
      case 'coupon_create':
      case 'coupon_update':
        keepLatest(couponStates, payload['reference_coupon_id'], String(payload['updated_at']), String(payload['status']))
        break
      case 'refereenotify_create':
        referrals.created.add(payload['_id'])
        break
      case 'incompletereferralrequest_create':
        referrals.nudged.add(payload['_id'])
        break
      case 'referrernotify_create':
        referrals.completed.add(payload['_id'])
        break
    }
  }

  return {
    note ({ repeat }: SimulatedWebhook, facts: readonly Fact[]): void {
      webhooks += 1
      if (repeat) repeats += 1
      events += facts.length
      for (const fact of facts) {
        if (fact.vendor === 'nector') noteNector(fact)
        else noteActivity(fact)
      }
    },

    read (): Expected {
      const outstanding = [...balances.values()].reduce((sum, { value }) => sum + value, 0)
      const byStatus: Record<string, number> = {}
      for (const { value } of orders.values()) byStatus[value] = (byStatus[value] ?? 0) + 1
      return {
        webhooks,
        repeats,
        events,
        topics: Object.fromEntries([...topics].toSorted(([one], [two]) => one < two ? -1 : 1)),
        leads: topics.get('lead_create') ?? 0,
        customers: customers.size,
        coins: { transactions: topics.get('walletreward_create') ?? 0, issued, spent, redeemed, outstanding, unannounced: issued - spent - outstanding },
        referrals: { created: referrals.created.size, nudged: referrals.nudged.size, completed: referrals.completed.size },
        orders: { placed: topics.get('order_create') ?? 0, amount: orderAmount / 100, byStatus },
        coupons: { issued: topics.get('coupon_create') ?? 0, redeemed: [...couponStates.values()].filter(({ value }) => value === 'redeemed').length },
        reviews: topics.get('review_create') ?? 0,
        activities,
        steps: Object.fromEntries([...steps].map(([step, seen]) => [step, { activities: seen.activities, customers: seen.customers.size }]))
      }
    }
  }
}

function keepLatest<T> (latest: Map<unknown, Latest<T>>, key: unknown, at: string, value: T): void {
  const known = latest.get(key)
  if (known === undefined || known.at <= at) latest.set(key, { at, value })
}
