import type { FigureStatements } from '../warehouse/figure-statements.ts'
import { byFriend, joined } from './friends.ts'

export interface Difference {
  readonly figure: string
  readonly business: string
  readonly key: string
  readonly column: string
  /** What the events say. */
  readonly expected: unknown
  /** What is kept. */
  readonly got: unknown
}

export interface Verification {
  readonly checked: number
  readonly differences: readonly Difference[]
}

interface Figure {
  /** Of the file in sql/figures that works it out. */
  readonly name: string
  /** Of the keys in all_keys.sql. */
  readonly kind: string
  readonly parameter: string
  /** The column that names a row. */
  readonly key: string
}

const figures: readonly Figure[] = [
  { name: 'coin_days', kind: 'coin_days', parameter: 'days', key: 'day' },
  { name: 'coin_members', kind: 'coin_members', parameter: 'leads', key: 'lead_id' },
  { name: 'order_days', kind: 'order_days', parameter: 'days', key: 'day' },
  { name: 'referrals', kind: 'referrals', parameter: 'records', key: 'record_key' }
]

/** What fits into a parameter of a statement. */
const mostAtOnce = 1_000

/** Every day that ClickHouse's Date holds. */
const always = { from: '1970-01-01', to: '2149-06-06' }

/** Works a random sample of each kind of figure out from the events and compares it with what is kept. Changes nothing. */
export async function verifyFigures (statements: FigureStatements, business: string, sample: number, signal: AbortSignal): Promise<Verification> {
  const all = await statements.lookUp('all_keys', { business, ...always }, signal)
  const differences: Difference[] = []
  let checked = 0
  for (const { name, kind, parameter, key } of figures) {
    const keys = shuffled(all.filter((one) => one['kind'] === kind))
    // referrals of one friend are worked out together
    const [ofFriends = []] = joined(byFriend(keys.map(({ key: record = '', friend = '' }) => ({ record, friend }))), Math.min(sample, mostAtOnce))
    const chosen = kind === 'referrals'
      ? ofFriends
      : [...new Set(keys.map((one) => one['key'] ?? ''))].slice(0, Math.min(sample, mostAtOnce))
    checked += await compare(name, { business, [parameter]: chosen }, key)
  }
  const days = shuffled(all.filter((one) => one['kind'] === 'activities')).slice(0, Math.min(sample, mostAtOnce)).map(({ key = '' }) => key)
  const byFunnel = new Map<string, string[]>()
  if (days.length > 0) {
    for (const { funnel = '', day = '' } of shuffled(await statements.lookUp('funnels_touched', { business, days }, signal))) {
      const own = byFunnel.get(funnel) ?? []
      byFunnel.set(funnel, own)
      if (own.length < Math.min(sample, mostAtOnce)) own.push(day)
    }
  }
  for (const [funnel, own] of byFunnel) checked += await compare('funnel_days', { business, funnel, days: own }, 'day')
  return { checked, differences }

  async function compare (name: string, parameters: Readonly<Record<string, string | readonly string[]>>, key: string): Promise<number> {
    const expected = await statements.asked(name, parameters, signal)
    const kept = new Map((await statements.kept(name, parameters, key, signal)).map((row) => [String(row[key]), row]))
    for (const row of expected) {
      const found = kept.get(String(row[key])) ?? {}
      for (const [column, value] of Object.entries(row)) {
        if (column === 'computed_at' || JSON.stringify(value) === JSON.stringify(found[column])) continue
        differences.push({ figure: name, business, key: String(row[key]), column, expected: value, got: found[column] ?? null })
      }
    }
    return expected.length
  }
}

function shuffled<T> (items: readonly T[]): readonly T[] {
  return items.map((item) => ({ item, place: Math.random() })).sort((a, b) => a.place - b.place).map(({ item }) => item)
}
