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

/** Records of one look-up. */
const mostRecords = 20_000

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
  const renamed = movedLeads.length === 0 ? [] : await statements.lookUp('coin_members_known', { business, leads: movedLeads }, signal)
  await steps.coinMembers([...new Set([...coins.leads, ...renamed.map(({ lead = '' }) => lead)])])

  const orders = await touchedBy('orders')
  await steps.orderDays(orders.days)

  const records = keysOf('referrals')
  if (records.length > 0 || orders.leads.length > 0) {
    const touched = await statements.lookUp('referrals_touched', { business, records, leads: orders.leads }, signal)
    await steps.referrals(touched.map(({ record = '', friend = '' }) => ({ record, friend })))
  }

  const devices = keysOf('devices')
  const moves = moved.length === 0 && devices.length === 0 ? [] : await statements.lookUp('activities_touched', { business, identifiers: moved, devices }, signal)
  await steps.funnelDays([...new Set([...keysOf('activities'), ...moves.map(({ day = '' }) => day)])])

  /** The days and members whose records have changed, as they are and as they were. */
  async function touchedBy (kind: 'coins' | 'orders'): Promise<{ readonly days: readonly string[], readonly leads: readonly string[] }> {
    const days = new Set<string>()
    const leads = new Set<string>()
    for (const records of portionsOf(keysOf(kind), mostRecords)) {
      await statements.workOut(`${kind}_moved`, { business, records }, signal)
      for (const { day = '', lead = '' } of await statements.lookUp(`${kind}_touched`, { business, records }, signal)) {
        days.add(day)
        if (lead !== '') leads.add(lead)
      }
    }
    return { days: [...days], leads: [...leads] }
  }
}
