import { actorOf } from './activities.ts'
import type { Facts } from './facts.ts'
import { groupBy } from './values.ts'

/** How far one customer got who entered a funnel on a day, with the best of that day's entries. */
export interface FunnelEntry {
  readonly business: string
  readonly funnel: string
  readonly customer: string
  readonly day: string
  readonly level: number
}

interface Moment {
  readonly at: number
  readonly step: number
}

/** What tells no time of its own has no place in an order. */
export function funnelEntries (facts: Facts): FunnelEntry[] {
  return facts.businesses.flatMap(({ id: business, funnels }) => funnels.flatMap(({ name: funnel, steps, windowHours }) => {
    const own = facts.activities.filter((activity) => activity.business === business && activity.dated && activity.step !== null && steps.includes(activity.step))
    const people = groupBy(own, (activity) => actorOf(facts, activity) ?? '')
    people.delete('')
    return [...people].flatMap(([customer, acts]) => {
      const moments = acts.map(({ occurredAt, step }) => ({ at: occurredAt, step: steps.indexOf(step ?? '') }))
      const beginnings = moments.filter(({ step }) => step === 0)
      return [...groupBy(beginnings, ({ at }) => facts.dayIn(business, at))].map(([day, entries]) => ({
        business, funnel, customer, day, level: Math.max(...entries.map((entry) => levelFrom(entry, moments, steps.length, windowHours * 3_600_000)))
      }))
    })
  }))
}

/** Each step as early as may be after the one before: not later than the window from the entry, and at the same moment still in order. */
function levelFrom (entry: Moment, moments: readonly Moment[], steps: number, windowMs: number): number {
  let at = entry.at
  for (let step = 1; step < steps; step++) {
    const times = moments.filter((moment) => moment.step === step && moment.at >= at && moment.at <= entry.at + windowMs).map((moment) => moment.at)
    if (times.length === 0) return step
    at = Math.min(...times)
  }
  return steps
}

/** Customers by step, from how far each of them got. */
export function funnelSteps (steps: readonly string[], levels: readonly number[]): Array<{ step_number: number, step: string, customers: number, step_conversion: number | null, overall_conversion: number | null }> {
  const reached = (number: number): number => levels.filter((level) => level >= number).length
  const share = (part: number, whole: number): number | null => whole === 0 ? null : part / whole
  return steps.map((step, index) => ({
    step_number: index + 1,
    step,
    customers: reached(index + 1),
    step_conversion: share(reached(index + 1), reached(Math.max(1, index))),
    overall_conversion: share(reached(index + 1), reached(1))
  }))
}
