import { describe, expect, test } from 'vitest'
import { figure } from '../../dashboard/page/format.ts'
import { unfinishedRow } from '../../dashboard/page/so-far.ts'
import { days, readState, tabs, writeState } from '../../dashboard/page/state.ts'
import { tabs as tabsOfQueries } from '../../dashboard/server/dashboard-queries.ts'

const businesses = [
  { id: 'acme', currency: 'INR', timezone: 'Asia/Kolkata', funnels: ['purchase', 'signup'], webhooks: [] },
  { id: 'plain', currency: 'EUR', timezone: 'Pacific/Kiritimati', funnels: [], webhooks: [] }
]

test('the page has the tabs of the queries', () => {
  expect(tabs.map(([name]) => name)).toEqual(tabsOfQueries)
})

test.each([
  '?tab=coins&business=acme&funnel=signup&period=90d',
  '?tab=health&business=plain&period=7d',
  '?tab=funnel&business=acme&funnel=purchase&from=2026-06-01&to=2026-06-30'
])('%s is what it says', (search) => {
  const { state, problems } = readState(search, businesses)
  expect([writeState(state), problems]).toEqual([search, []])
})

test.each([
  ['', '?tab=overview&business=acme&funnel=purchase&period=30d'],
  ['?business=plain', '?tab=overview&business=plain&period=30d']
])('%s leaves out what is then the first that there is', (search, expected) => {
  const { state, problems } = readState(search, businesses)
  expect([writeState(state), problems]).toEqual([expected, []])
})

test.each<[string, string[]]>([
  ['?business=nope', ['There is no business “nope”; there is acme, plain.']],
  ['?tab=nope', ['There is no tab “nope”; there is overview, coins, referrals, funnel, health.']],
  ['?business=acme&funnel=gone', ['There is no funnel of acme “gone”; there is purchase, signup.']],
  ['?business=plain&funnel=purchase', ['There is no funnel of plain “purchase”.']],
  ['?period=3d', ['There is no period “3d”; there is 7d, 30d, 90d, 365d.']],
  ['?from=2026-02-31&to=2026-03-01', ['“2026-02-31” is no day; “from” is written as in 2026-06-30.']],
  ['?from=2026-06-30&to=2026-06-01', ['The period ends on 2026-06-01, before it begins on 2026-06-30.']],
  ['?from=2026-06-30', ['A period has both “from” and “to”; “to” is missing.']],
  ['?from=2010-01-01&to=2026-06-01', ['The period has 5996 days; 1830 are shown at most.']],
  ['?tab=x&business=x&funnel=x&period=x', ['There is no tab “x”; there is overview, coins, referrals, funnel, health.', 'There is no business “x”; there is acme, plain.', 'There is no period “x”; there is 7d, 30d, 90d, 365d.']]
])('%s is told, and not taken for something else', (search, expected) => {
  expect(readState(search, businesses).problems).toEqual(expected)
})

describe('a day that is not over', () => {
  const days = ['2026-06-28', '2026-06-29', '2026-06-30'].map((day) => Date.parse(day) / 1000)
  const weeks = ['2026-06-15', '2026-06-22', '2026-06-29'].map((day) => Date.parse(day) / 1000)
  test.each<[string, readonly number[], string, string, number | undefined]>([
    ['is the last one where it is today', days, 'UTC', '2026-06-30T12:00:00Z', 2],
    ['is that of the business, not of who looks', days, 'Asia/Kolkata', '2026-06-30T19:00:00Z', undefined],
    ['is none of a period that is over', days, 'UTC', '2026-07-03T12:00:00Z', undefined],
    ['is the week that has today', weeks, 'UTC', '2026-07-04T12:00:00Z', 2],
    ['is no week that is over', weeks, 'UTC', '2026-07-06T00:00:00Z', undefined],
    ['is none where there is nothing', [], 'UTC', '2026-07-06T00:00:00Z', undefined]
  ])('%s', (_name, xs, timezone, now, row) => {
    expect(unfinishedRow(xs, timezone, Date.parse(now))).toBe(row)
  })
})

describe('figures', () => {
  test.each<[number, string, boolean, string]>([
    [0.1, 'currency', true, '₹0.10'], [0.0125, 'currency', true, '₹0.0125'], [5, 'currency', true, '₹5'], [1234.5, 'currency', true, '₹1,234.50'], [0.25, 'currency', false, '₹0.25'], [0.05, '', false, '0.05'], [12.345, '', false, '12.35']
  ])('%d (%s, short: %s) is %s', (value, unit, short, expected) => {
    expect(figure(value, unit, 'INR', short)).toBe(expected)
  })
})

describe('days', () => {
  const now = Date.parse('2026-06-30T20:00:00Z')
  test.each([
    ['Asia/Kolkata', { from: '2026-06-25', to: '2026-07-01' }],
    ['America/Los_Angeles', { from: '2026-06-24', to: '2026-06-30' }]
  ])('the last ones end today in %s', (timezone, expected) => {
    expect(days(readState('?period=7d', businesses).state, timezone, now)).toEqual(expected)
  })
})
