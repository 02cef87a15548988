import { describe, expect, test } from 'vitest'
import { days, readState, tabs, writeState } from '../../dashboard/page/state.ts'
import { tabs as tabsOfQueries } from '../../dashboard/dashboard-queries.ts'

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
  expect(writeState(readState(search, businesses))).toBe(search)
})

test.each([
  ['', '?tab=overview&business=acme&funnel=purchase&period=30d'],
  ['?tab=x&business=x&funnel=x&period=x', '?tab=overview&business=acme&funnel=purchase&period=30d'],
  ['?business=plain&funnel=purchase', '?tab=overview&business=plain&period=30d'],
  ['?from=2026-06-30&to=2026-06-01', '?tab=overview&business=acme&funnel=purchase&period=30d'],
  ['?from=2026-13-01&to=2026-06-01', '?tab=overview&business=acme&funnel=purchase&period=30d']
])('%s becomes what there is', (search, expected) => {
  expect(writeState(readState(search, businesses))).toBe(expected)
})

describe('days', () => {
  const now = Date.parse('2026-06-30T20:00:00Z')
  test.each([
    ['Asia/Kolkata', { from: '2026-06-25', to: '2026-07-01' }],
    ['America/Los_Angeles', { from: '2026-06-24', to: '2026-06-30' }]
  ])('the last ones end today in %s', (timezone, expected) => {
    expect(days(readState('?period=7d', businesses), timezone, now)).toEqual(expected)
  })
})
