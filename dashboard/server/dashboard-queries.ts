import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../runtime/errors.ts'
import { packageRoot } from '../../runtime/package-root.ts'
import { runtimeErrors } from '../../runtime/runtime-errors.ts'

export const tabs = ['overview', 'coins', 'referrals', 'funnel', 'health'] as const
export type Tab = typeof tabs[number]

/** `number`: one row, a figure a column of `y`. `bar`: over days, or over names where `x` is a text. `funnel`: a row a step. */
export const charts = ['number', 'line', 'bar', 'funnel', 'table'] as const
export type Chart = typeof charts[number]

/** What a query may ask for: days are of the business's time zone, both inclusive. */
export const parameterTypes = { business: 'String', funnel: 'String', from: 'Date', to: 'Date' } as const
export type ParameterName = keyof typeof parameterTypes

/** A file of sql/dashboards, for whoever draws it: the page, or a generator of dashboards. */
export interface DashboardQuery {
  /** The file's name without `.sql`; begins with its tab. */
  readonly name: string
  /** The question in plain words. */
  readonly title: string
  readonly tab: Tab
  readonly chart: Chart
  /** Column along which it is drawn; undefined for numbers and tables. */
  readonly x: string | undefined
  /** Columns that are drawn; the answer may have more of them, for the table. */
  readonly y: readonly string[]
  /** One for each of `y`: `percent` is a share from 0 to 1, `currency` that of the business, anything else a plural noun. Empty for tables. */
  readonly units: readonly string[]
  /** A caveat that belongs under the chart. */
  readonly note: string | undefined
  /** Whether the page leaves it out where there is nothing to show, as for most shops. */
  readonly hiddenWhenEmpty: boolean
  readonly parameters: readonly ParameterName[]
  /** The figures of analytics.freshness that its answer depends on. */
  readonly figures: readonly string[]
  readonly sql: string
}

/** Views whose figures are worked out ahead, by the figure of analytics.freshness. */
const figureOfView: Readonly<Record<string, string>> = {
  coin_daily: 'coins', coin_balances: 'coins', coin_liability: 'coins', order_daily: 'orders', referral_conversion: 'referrals', referrers: 'referrals', funnel: 'funnels', funnel_daily: 'funnels'
}

const folder = join(packageRoot, 'sql/dashboards')

/** Every query of sql/dashboards, by tab and then by `number`, charts, tables. */
export function readDashboardQueries (): readonly DashboardQuery[] {
  const queries = readdirSync(folder).filter((file) => file.endsWith('.sql')).map((file) => parseDashboardQuery(file.slice(0, -4), readFileSync(join(folder, file), 'utf8')))
  const place = ({ tab, chart }: DashboardQuery): number => tabs.indexOf(tab) * 10 + (chart === 'number' ? 0 : chart === 'funnel' ? 1 : chart === 'table' ? 3 : 2)
  return queries.toSorted((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1))
}

/** Reads the head of comments: a title, then `key: value`. Throws INTERNAL where the file is not as this project writes it. */
export function parseDashboardQuery (name: string, sql: string): DashboardQuery {
  const wrong = (what: string): AppError => new AppError(runtimeErrors.INTERNAL, `sql/dashboards/${name}.sql: ${what}`)
  const lines = sql.split('\n')
  const end = lines.findIndex((line) => !line.startsWith('-- '))
  const [title, ...entries] = lines.slice(0, end).map((line) => line.slice(3).trim())
  if (title === undefined || title === '') throw wrong('expected a title as first comment')
  const head = new Map(entries.map((entry) => {
    const [, key, value] = /^(tab|chart|x|y|unit|note|empty): (.+)$/.exec(entry) ?? []
    if (key === undefined || value === undefined) throw wrong(`expected tab, chart, x, y, unit, note or empty, a colon and a value, got ${entry}`)
    return [key, value]
  }))
  const list = (key: string): readonly string[] => (head.get(key) ?? '').split(',').map((item) => item.trim()).filter((item) => item !== '')
  const oneOf = <Choice extends string> (key: string, choices: readonly Choice[]): Choice => {
    const found = choices.find((choice) => choice === head.get(key))
    if (found === undefined) throw wrong(`expected ${key} to be one of ${choices.join(', ')}, got ${head.get(key) ?? 'none'}`)
    return found
  }
  const [tab, chart, x, y, units] = [oneOf('tab', tabs), oneOf('chart', charts), head.get('x'), list('y'), list('unit')]
  if (!name.startsWith(`${tab}_`)) throw wrong(`expected its name to begin with its tab, ${tab}`)
  if (y.length === 0) throw wrong('expected y to name a column')
  if ((x === undefined) !== (chart === 'number' || chart === 'table')) throw wrong(`expected ${chart} ${x === undefined ? 'with an x' : 'without x'}`)
  if (chart === 'table' ? units.length > 0 : units.length !== 1 && units.length !== y.length) throw wrong('expected one unit, or one for each of y, and none for a table')
  if (![undefined, 'hidden'].includes(head.get('empty'))) throw wrong(`expected empty to be hidden, got ${head.get('empty') ?? ''}`)
  const shared = units.length === 1 ? units[0] : undefined
  return { name, title, tab, chart, x, y, units: shared === undefined ? units : y.map(() => shared), note: head.get('note'), hiddenWhenEmpty: head.has('empty'), parameters: parametersOf(sql, wrong), figures: figuresOf(sql), sql }
}

function figuresOf (sql: string): readonly string[] {
  return [...new Set([...sql.matchAll(/analytics\.(\w+)/g)].flatMap(([, view = '']) => figureOfView[view] ?? []))]
}

function parametersOf (sql: string, wrong: (what: string) => AppError): readonly ParameterName[] {
  const used = new Set([...sql.matchAll(/\{(\w+):(\w+)\}/g)].map(([, name, type]) => {
    const known = (Object.keys(parameterTypes) as ParameterName[]).find((one) => one === name && parameterTypes[one] === type)
    if (known === undefined) throw wrong(`expected parameters of ${JSON.stringify(parameterTypes)} only, got {${name}:${type}}`)
    return known
  }))
  return [...used]
}
