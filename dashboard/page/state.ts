import type { Business } from './answers.ts'

export const tabs = [['overview', 'Overview'], ['coins', 'Coins'], ['referrals', 'Referrals'], ['funnel', 'Funnel'], ['health', 'Pipeline health']] as const
export const periods = [['7d', 'Last 7 days', 7], ['30d', 'Last 30 days', 30], ['90d', 'Last 90 days', 90], ['365d', 'Last 365 days', 365]] as const

/** What is shown; all of it is in the URL. */
export interface State {
  readonly tab: string
  readonly business: string
  readonly funnel: string | undefined
  /** One of `periods`, or two days. */
  readonly period: string | { readonly from: string, readonly to: string }
}

/** What a URL asks for. Where it asks for what there is not, `state` has the first that there is in its place, and must not be shown as the answer. */
export interface Asked {
  readonly state: State
  /** What is wrong with the URL, a sentence each: what was asked for, and what there is. */
  readonly problems: readonly string[]
}

const defaultPeriod = '30d'
const dayMs = 86_400_000
/** What the server answers at most. */
const longestPeriodDays = 5 * 366

/** Reads a URL's query; what is missing there is the first that there is. */
export function readState (search: string, businesses: readonly Business[]): Asked {
  const given = new URLSearchParams(search)
  const problems: string[] = []

  function choice<T> (name: string, what: string, all: readonly T[], idOf: (one: T) => string): T | undefined {
    const asked = given.get(name)
    if (asked === null) return all[0]
    const found = all.find((one) => idOf(one) === asked)
    if (found === undefined) problems.push(`There is no ${what} “${asked}”${all.length === 0 ? '' : `; there is ${all.map(idOf).join(', ')}`}.`)
    return found ?? all[0]
  }

  const tab = choice('tab', 'tab', tabs, ([name]) => name) ?? tabs[0]
  const business = choice('business', 'business', businesses, ({ id }) => id)
  // of a business that there is not, nobody knows the funnels
  const funnel = problems.length > 0 ? business?.funnels[0] : choice('funnel', `funnel of ${business?.id ?? ''}`, business?.funnels ?? [], (name) => name)
  const named = given.has('period') ? choice('period', 'period', periods.map(([name]) => name), (name) => name) : undefined
  const period = readPeriod(given, problems) ?? named ?? defaultPeriod
  return { state: { tab: tab[0], business: business?.id ?? '', funnel, period }, problems }
}

/** Two days of one's own; undefined where the URL has none. */
function readPeriod (given: URLSearchParams, problems: string[]): State['period'] | undefined {
  const [from, to] = [given.get('from'), given.get('to')]
  if (from === null && to === null) return undefined
  for (const [name, text] of [['from', from], ['to', to]] as const) {
    if (text === null) problems.push(`A period has both “from” and “to”; “${name}” is missing.`)
    else if (!isDay(text)) problems.push(`“${text}” is no day; “${name}” is written as in 2026-06-30.`)
  }
  if (from === null || to === null || !isDay(from) || !isDay(to)) return defaultPeriod
  const length = (Date.parse(to) - Date.parse(from)) / dayMs + 1
  if (length < 1) problems.push(`The period ends on ${to}, before it begins on ${from}.`)
  if (length > longestPeriodDays) problems.push(`The period has ${length} days; ${longestPeriodDays} are shown at most.`)
  return { from, to }
}

export function writeState ({ tab, business, funnel, period }: State): string {
  const pairs = { tab, business, ...(funnel === undefined ? {} : { funnel }), ...(typeof period === 'string' ? { period } : period) }
  return `?${new URLSearchParams(pairs).toString()}`
}

/** The days that are shown, both inclusive, in the time zone of the business. */
export function days ({ period }: State, timezone: string, now: number): { readonly from: string, readonly to: string } {
  if (typeof period !== 'string') return period
  const length = periods.find(([name]) => name === period)?.[2] ?? 30
  const to = dayIn(timezone, now)
  return { from: new Date(Date.parse(to) - (length - 1) * dayMs).toISOString().slice(0, 10), to }
}

/** The day that a time zone has now, as in 2026-06-30. */
export function dayIn (timezone: string, now: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now)
}

/** 31 February is none. */
function isDay (text: string): boolean {
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN
  return !Number.isNaN(instant) && new Date(instant).toISOString().slice(0, 10) === text
}
