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

const defaultPeriod = '30d'
const dayMs = 86_400_000

/** Reads a URL's query; what is missing or unknown there is the first that there is. */
export function readState (search: string, businesses: readonly Business[]): State {
  const given = new URLSearchParams(search)
  const business = businesses.find(({ id }) => id === given.get('business')) ?? businesses[0]
  const [from, to, period] = [given.get('from'), given.get('to'), given.get('period')]
  return {
    tab: (tabs.find(([tab]) => tab === given.get('tab')) ?? tabs[0])[0],
    business: business?.id ?? '',
    funnel: business?.funnels.find((name) => name === given.get('funnel')) ?? business?.funnels[0],
    period: isDay(from) && isDay(to) && from <= to ? { from, to } : periods.find(([name]) => name === period)?.[0] ?? defaultPeriod
  }
}

export function writeState ({ tab, business, funnel, period }: State): string {
  const pairs = { tab, business, ...(funnel === undefined ? {} : { funnel }), ...(typeof period === 'string' ? { period } : period) }
  return `?${new URLSearchParams(pairs).toString()}`
}

/** The days that are shown, both inclusive, in the time zone of the business. */
export function days ({ period }: State, timezone: string, now: number): { readonly from: string, readonly to: string } {
  if (typeof period !== 'string') return period
  const length = periods.find(([name]) => name === period)?.[2] ?? 30
  const to = new Intl.DateTimeFormat('en-CA', { timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now)
  return { from: new Date(Date.parse(to) - (length - 1) * dayMs).toISOString().slice(0, 10), to }
}

function isDay (text: string | null): text is string {
  return text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
}
