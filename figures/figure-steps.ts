import type { FigureStatements } from '../warehouse/figure-statements.ts'
import { byFriend, joined } from './friends.ts'
import { portionsOf } from './portions.ts'

/** How many keys one statement works out: what a server of 2 GiB holds. */
const most = { days: 60, funnelDays: 30, members: 20_000, referrals: 1_000 } as const

/** Works figures out for keys, in portions: the latest days first, as people look at those. Each resolves when they are durable. */
export interface FigureSteps {
  coinDays (days: readonly string[]): Promise<void>
  coinMembers (leads: readonly string[]): Promise<void>
  orderDays (days: readonly string[]): Promise<void>
  referrals (referrals: ReadonlyArray<{ readonly record: string, readonly friend: string }>): Promise<void>
  /** Of all funnels, for activities of these days. */
  funnelDays (days: readonly string[]): Promise<void>
}

/** `onDone` is told how many keys were worked out. */
export function createFigureSteps (statements: FigureStatements, business: string, signal: AbortSignal, onDone: (count: number) => void = () => {}): FigureSteps {
  async function each (name: string, parameter: string, portions: Iterable<readonly string[]>, others: Readonly<Record<string, string>> = {}): Promise<void> {
    for (const portion of portions) {
      signal.throwIfAborted()
      await statements.workOut(name, { business, ...others, [parameter]: portion }, signal)
      onDone(portion.length)
    }
  }

  return {
    coinDays: async (days) => { await each('coin_days', 'days', portionsOf(latestFirst(days), most.days)) },
    coinMembers: async (leads) => { await each('coin_members', 'leads', portionsOf(leads, most.members)) },
    orderDays: async (days) => { await each('order_days', 'days', portionsOf(latestFirst(days), most.days)) },
    referrals: async (referrals) => { await each('referrals', 'records', joined(byFriend(referrals), most.referrals)) },
    async funnelDays (days) {
      if (days.length === 0) return
      const byFunnel = new Map<string, string[]>()
      for (const { funnel = '', day = '' } of await statements.lookUp('funnels_touched', { business, days }, signal)) {
        const own = byFunnel.get(funnel)
        if (own === undefined) byFunnel.set(funnel, [day])
        else own.push(day)
      }
      for (const [funnel, own] of byFunnel) await each('funnel_days', 'days', portionsOf(latestFirst(own), most.funnelDays), { funnel })
    }
  }
}

/** Days as `2026-06-30`. */
function latestFirst (days: readonly string[]): readonly string[] {
  return days.toSorted().toReversed()
}
