import type { Facts } from './facts.ts'
import { funnelEntries, funnelSteps } from './funnel-entries.ts'
import { groupBy, type Row } from './values.ts'

export interface FunnelQuestion {
  readonly business: string
  readonly funnel: string
  /** First and last day of entry, both included. */
  readonly from: string
  readonly to: string
}

export function funnel (facts: Facts, { business, funnel, from, to }: FunnelQuestion): Row[] {
  const entries = funnelEntries(facts).filter((entry) => entry.business === business && entry.funnel === funnel && entry.day >= from && entry.day <= to)
  const levels = [...groupBy(entries, ({ customer }) => customer).values()].map((own) => Math.max(...own.map(({ level }) => level)))
  return funnelSteps(stepsOf(facts, business, funnel), levels).map((row) => ({ ...row, drop_off: row.step_conversion === null ? null : 1 - row.step_conversion }))
}

export function funnelDaily (facts: Facts): Row[] {
  const days = groupBy(funnelEntries(facts), ({ business, funnel, day }) => JSON.stringify([business, funnel, day]))
  return [...days].flatMap(([key, entries]) => {
    const [business = '', funnel = '', day] = JSON.parse(key) as string[]
    return funnelSteps(stepsOf(facts, business, funnel), entries.map(({ level }) => level)).map((row) => ({ business, funnel, day, ...row }))
  })
}

function stepsOf ({ businesses }: Facts, business: string, funnel: string): readonly string[] {
  return businesses.find(({ id }) => id === business)?.funnels.find(({ name }) => name === funnel)?.steps ?? []
}
