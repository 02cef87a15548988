import type { ChangeKind } from '../schemas/changes.ts'
import type { FigureStatements } from '../warehouse/figure-statements.ts'
import type { IdentityStore } from '../warehouse/identity-store.ts'
import { createFigureSteps } from './figure-steps.ts'
import { resolveIdentities } from './identity-closure.ts'
import { portionsOf } from './portions.ts'

export interface FigureWarehouse {
  readonly identities: IdentityStore
  readonly statements: FigureStatements
}

/** What has changed in a business: keys by kind. */
export type ChangedKeys = ReadonlyMap<ChangeKind, ReadonlySet<string>>

/** Keys of one look-up. */
const mostKeys = 20_000

const leadPrefix = 'nector:'

/**
 * Works out every figure of a business that follows from what has changed, in the order of what each reads: who is who, coins, orders,
 * referrals, funnels. Resolves when all are durable; a repetition works them out again.
 */
export async function workOut ({ identities, statements }: FigureWarehouse, business: string, changed: ChangedKeys, signal: AbortSignal): Promise<void> {
  const keysOf = (kind: ChangeKind): readonly string[] => [...changed.get(kind) ?? []]
  const steps = createFigureSteps(statements, business, signal)

  const moved = await resolveIdentities(identities, business, keysOf('identifiers'))
  const movedLeads = moved.filter((identifier) => identifier.startsWith(leadPrefix)).map((identifier) => identifier.slice(leadPrefix.length))

  const coins = await touchedBy('coins')
  await steps.coinDays(coins.days)
  // whoever turned out to be somebody else has another key there
  const renamed = await lookUp('coin_members_known', 'leads', movedLeads)
  await steps.coinMembers([...new Set([...coins.leads, ...renamed.map(({ lead = '' }) => lead)])])

  const orders = await touchedBy('orders')
  await steps.orderDays(orders.days)

  const records = keysOf('referrals')
  if (records.length > 0 || orders.leads.length > 0) {
    const touched = [...await lookUp('referrals_touched', 'records', records, { leads: [] }), ...await lookUp('referrals_touched', 'leads', orders.leads, { records: [] })]
    await steps.referrals(touched.map(({ record = '', friend = '' }) => ({ record, friend })))
  }

  const moves = [...await lookUp('activities_touched', 'identifiers', moved, { devices: [] }), ...await lookUp('activities_touched', 'devices', keysOf('devices'), { identifiers: [] })]
  await steps.funnelDays([...new Set([...keysOf('activities'), ...moves.map(({ day = '' }) => day)])])

  /** Rows for each portion of the keys, one after the other. */
  async function lookUp (name: string, parameter: string, keys: readonly string[], others: Readonly<Record<string, readonly string[]>> = {}): Promise<ReadonlyArray<Readonly<Record<string, string>>>> {
    const rows: Array<Readonly<Record<string, string>>> = []
    for (const portion of portionsOf(keys, mostKeys)) rows.push(...await statements.lookUp(name, { business, ...others, [parameter]: portion }, signal))
    return rows
  }

  /** The days and members whose records have changed, as they are and as they were. */
  async function touchedBy (kind: 'coins' | 'orders'): Promise<{ readonly days: readonly string[], readonly leads: readonly string[] }> {
    const days = new Set<string>()
    const leads = new Set<string>()
    for (const records of portionsOf(keysOf(kind), mostKeys)) {
      await statements.workOut(`${kind}_moved`, { business, records }, signal)
      for (const { day = '', lead = '' } of await statements.lookUp(`${kind}_touched`, { business, records }, signal)) {
        days.add(day)
        if (lead !== '') leads.add(lead)
      }
    }
    return { days: [...days], leads: [...leads] }
  }
}
