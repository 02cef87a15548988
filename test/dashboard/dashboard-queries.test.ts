import { describe, expect, test } from 'vitest'
import { parseDashboardQuery, readDashboardQueries, tabs } from '../../dashboard/server/dashboard-queries.ts'
import { AppError } from '../../runtime/errors.ts'

const queries = readDashboardQueries()

const good = `-- Coins by day
-- tab: coins
-- chart: line
-- x: day
-- y: coins_issued, coins_redeemed
-- unit: coins
-- note: A caveat: with a colon.
SELECT day, coins_issued, coins_redeemed FROM analytics.coin_daily WHERE business = {business:String} AND day BETWEEN {from:Date} AND {to:Date}
`

test('the head of a file is its metadata', () => {
  expect(parseDashboardQuery('coins_by_day', good)).toEqual({
    name: 'coins_by_day',
    title: 'Coins by day',
    tab: 'coins',
    chart: 'line',
    x: 'day',
    y: ['coins_issued', 'coins_redeemed'],
    units: ['coins', 'coins'],
    note: 'A caveat: with a colon.',
    hiddenWhenEmpty: false,
    figures: ['coins'],
    parameters: ['business', 'from', 'to'],
    sql: good
  })
})

describe.each<[string, string, string]>([
  ['no title', good.replace('-- Coins by day\n', '-- \n'), 'expected a title'],
  ['an unknown key', good.replace('-- note', '-- remark'), 'expected tab, chart, x, y, unit, note or empty'],
  ['an unknown tab', good.replace('tab: coins', 'tab: orders'), 'expected tab to be one of'],
  ['an unknown chart', good.replace('line', 'pie'), 'expected chart to be one of'],
  ['a line without x', good.replace('-- x: day\n', ''), 'expected line with an x'],
  ['no y', good.replace(/-- y: .*\n/, ''), 'expected y to name a column'],
  ['units that do not fit', good.replace('unit: coins', 'unit: coins, coins, coins'), 'expected one unit, or one for each of y'],
  ['another way to be empty', good.replace('-- note', '-- empty: shown\n-- note'), 'expected empty to be hidden'],
  ['a parameter of its own', good.replace('{from:Date}', '{since:Date}'), 'got {since:Date}'],
  ['a parameter of another type', good.replace('{from:Date}', '{from:String}'), 'got {from:String}']
])('a file with %s', (_what, sql, message) => {
  test('is refused by name', () => {
    expect(() => parseDashboardQuery('coins_by_day', sql)).toThrow(AppError)
    expect(() => parseDashboardQuery('coins_by_day', sql)).toThrow('sql/dashboards/coins_by_day.sql: ')
    expect(() => parseDashboardQuery('coins_by_day', sql)).toThrow(message)
  })
})

test('a file is named after its tab', () => {
  expect(() => parseDashboardQuery('by_day', good)).toThrow('expected its name to begin with its tab, coins')
})

test('every tab has figures, and something that is drawn or a table', () => {
  for (const tab of tabs) {
    const charts = queries.filter((query) => query.tab === tab).map(({ chart }) => chart)
    expect(charts.length, tab).toBeGreaterThanOrEqual(3)
    expect(charts.some((chart) => chart !== 'number'), tab).toBe(true)
  }
})

describe('every file', () => {
  test.each(queries.map((query) => [query.name, query] as const))('%s reads fast views of analytics only, and names no value in its text', (_name, { sql }) => {
    const read = [...sql.matchAll(/(?:FROM|JOIN)\s+([a-z_]+\.[a-z_]+)/g)].map(([, view]) => view)
    const fast = ['coin_daily', 'coin_liability', 'coin_balances', 'coin_expiry_daily', 'referral_conversion', 'referrers', 'funnel', 'funnel_daily', 'pipeline_health', 'order_daily', 'businesses', 'freshness']
    expect(read.length).toBeGreaterThan(0)
    expect(fast.map((view) => `analytics.${view}`)).toEqual(expect.arrayContaining(read))
    expect(sql.replaceAll(/^--.*$/gm, '')).not.toMatch(/\$\{|;|'20/)
  })
})
