import type { ChangeKind } from '../schemas/changes.ts'
import type { FigureStatements } from '../warehouse/figure-statements.ts'
import type { IdentityStore } from '../warehouse/identity-store.ts'
import { resolveIdentities } from './identity-closure.ts'
import { portionsOf } from './portions.ts'

export interface FigureWarehouse {
  readonly identities: IdentityStore
  readonly statements: FigureStatements
}

/** What has changed in a business: keys by kind. */
export type ChangedKeys = ReadonlyMap<ChangeKind, ReadonlySet<string>>

/** How many keys one statement works out: what a server of 2 GiB holds. */
const most = { days: 60, funnelDays: 30, members: 20_000, referrals: 10_000, records: 20_000 } as const

/**
 * Works out every figure of a business that follows from what has changed, in the order of what each reads: who is who, coins, orders,
 * referrals, funnels. Resolves when all are durable; a repetition works them out again.
 */
export async function workOut ({ identities, statements }: FigureWarehouse, business: string, changed: ChangedKeys, signal: AbortSignal): Promise<void> {
  const keysOf = (kind: ChangeKind): readonly string[] => [...changed.get(kind) ?? []]
  const moved = await resolveIdentities(identities, business, keysOf('identifiers'))

  const coins = await touchedBy('coins')
  const movedLeads = moved.filter((identifier) => identifier.startsWith('nector:')).map((identifier) => identifier.slice('nector:'.length))
  await inPortions('coin_days', 'days', latestFirst(coins.days), most.days)
  await inPortions('coin_members', 'leads', [...new Set([...coins.leads, ...movedLeads])], most.members)

  const orders = await touchedBy('orders')
  await inPortions('order_days', 'days', latestFirst(orders.days), most.days)
  await workOutReferrals(orders.leads)
  await workOutFunnels()

  /** The days and members whose records have changed, as they are and as they were. */
  async function touchedBy (kind: 'coins' | 'orders'): Promise<{ readonly days: readonly string[], readonly leads: readonly string[] }> {
    const days = new Set<string>()
    const leads = new Set<string>()
    for (const records of portionsOf(keysOf(kind), most.records)) {
      await statements.workOut(`${kind}_moved`, { business, records }, signal)
      for (const { day = '', lead = '' } of await statements.lookUp(`${kind}_touched`, { business, records }, signal)) {
        days.add(day)
        if (lead !== '') leads.add(lead)
      }
    }
    return { days: [...days], leads: [...leads] }
  }

  /** Referrals of one friend stay together: an order counts for one of them. */
  async function workOutReferrals (leads: readonly string[]): Promise<void> {
    const records = keysOf('referrals')
    if (records.length === 0 && leads.length === 0) return
    const friends = new Map<string, string[]>()
    for (const { record = '', friend = '' } of await statements.lookUp('referrals_touched', { business, records, leads }, signal)) {
      const own = friends.get(friend) ?? []
      friends.set(friend, own)
      own.push(record)
    }
    let portion: string[] = []
    for (const own of friends.values()) {
      portion.push(...own)
      if (portion.length < most.referrals) continue
      await statements.workOut('referrals', { business, records: portion }, signal)
      portion = []
    }
    if (portion.length > 0) await statements.workOut('referrals', { business, records: portion }, signal)
  }

  async function workOutFunnels (): Promise<void> {
    const devices = keysOf('devices')
    const moves = moved.length === 0 && devices.length === 0 ? [] : await statements.lookUp('activities_touched', { business, identifiers: moved, devices }, signal)
    const days = [...new Set([...keysOf('activities'), ...moves.map(({ day = '' }) => day)])]
    if (days.length === 0) return
    const byFunnel = new Map<string, string[]>()
    for (const { funnel = '', day = '' } of await statements.lookUp('funnels_touched', { business, days }, signal)) {
      const own = byFunnel.get(funnel) ?? []
      byFunnel.set(funnel, own)
      own.push(day)
    }
    for (const [funnel, own] of byFunnel) {
      for (const portion of portionsOf(latestFirst(own), most.funnelDays)) await statements.workOut('funnel_days', { business, funnel, days: portion }, signal)
    }
  }

  async function inPortions (name: string, parameter: string, keys: readonly string[], size: number): Promise<void> {
    for (const portion of portionsOf(keys, size)) await statements.workOut(name, { business, [parameter]: portion }, signal)
  }
}

/** Days as `2026-06-30`: those that people look at come first. */
function latestFirst (days: readonly string[]): readonly string[] {
  return days.toSorted().toReversed()
}
