import { createFigureSteps } from './figure-steps.ts'
import { resolveIdentities } from './identity-closure.ts'
import { portionsOf } from './portions.ts'
import type { FigureWarehouse } from './work-out.ts'

/** Identifiers of one step. */
const mostIdentifiers = 20_000

/** Days such as `2026-06-30`, both included. */
export interface Period {
  readonly from: string
  readonly to: string
}

export interface RebuildProgress {
  /** Keys in all: identifiers, days, members, records. */
  readonly begin: (total: number) => void
  readonly done: (count: number) => void
}

/** Works out every figure of a business anew from what is in the warehouse, whatever was worked out before. Resolves when all are durable. */
export async function rebuildFigures ({ identities, statements }: FigureWarehouse, business: string, period: Period, progress: RebuildProgress, signal: AbortSignal): Promise<void> {
  const keys = new Map<string, Array<{ readonly key: string, readonly friend: string }>>()
  const seen = new Set<string>()
  for (const { kind = '', key = '', friend = '' } of await statements.lookUp('all_keys', { business, ...period }, signal)) {
    if (seen.has(`${kind} ${key}`)) continue
    seen.add(`${kind} ${key}`)
    const own = keys.get(kind)
    if (own === undefined) keys.set(kind, [{ key, friend }])
    else own.push({ key, friend })
  }
  const of = (kind: string): readonly string[] => (keys.get(kind) ?? []).map(({ key }) => key)
  progress.begin(seen.size)

  for (const identifiers of portionsOf(of('identifiers'), mostIdentifiers)) {
    signal.throwIfAborted()
    await resolveIdentities(identities, business, identifiers)
    progress.done(identifiers.length)
  }
  for (const kind of ['coins', 'orders']) await statements.workOut(`${kind}_moved`, { business, records: [] }, signal)
  const steps = createFigureSteps(statements, business, signal, progress.done)
  await steps.coinDays(of('coin_days'))
  await steps.coinMembers(of('coin_members'))
  await steps.orderDays(of('order_days'))
  await steps.referrals((keys.get('referrals') ?? []).map(({ key, friend }) => ({ record: key, friend })))
  await steps.funnelDays(of('activities'))
}
