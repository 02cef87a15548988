import type { DashboardQuery, ParameterName, Tab } from '../server/dashboard-queries.ts'
import { placeInGrid, type Size } from './grafana-grid.ts'
import type { GrafanaDashboard, GrafanaVariable } from './grafana-json.ts'
import { dataSource, grafanaPanel } from './grafana-panel.ts'
import { grafanaVariable } from './grafana-sql.ts'

const tag = 'loyalty-warehouse'
/** That of grafanaVersion; Grafana brings older ones up to date by itself. */
const schemaVersion = 42

/** What the variables offer; a funnel appears once somebody has entered it. */
const offers = {
  business: { label: 'Business', sql: 'SELECT business FROM analytics.coin_liability ORDER BY business' },
  funnel: { label: 'Funnel', sql: `SELECT DISTINCT funnel FROM analytics.funnel_daily WHERE business = ${grafanaVariable('business')} ORDER BY funnel` }
} as const satisfies Partial<Record<ParameterName, { label: string, sql: string }>>

const sizes: Readonly<Record<DashboardQuery['chart'], Size>> = {
  number: { width: 12, height: 5 },
  line: { width: 12, height: 9 },
  bar: { width: 12, height: 9 },
  funnel: { width: 24, height: 9 },
  table: { width: 24, height: 9 }
}

/** The dashboard of a tab, with a panel a query. */
export function grafanaDashboard (tab: Tab, queries: readonly DashboardQuery[]): GrafanaDashboard {
  const positions = placeInGrid(queries.map(({ chart }) => sizes[chart]))
  const asked = new Set(queries.flatMap(({ parameters }) => parameters))
  return {
    id: null,
    uid: `loyalty-${tab}`,
    title: `Loyalty: ${tab}`,
    description: `The tab "${tab}" of the dashboard page: the queries of sql/dashboards, written by \`npm run grafana\`. Days are those of the business's time zone, the ends of the period those of UTC.`,
    tags: [tag],
    // a day arrives as its midnight in UTC; in another zone it could be drawn as the day before
    timezone: 'utc',
    editable: false,
    graphTooltip: 1,
    schemaVersion,
    refresh: '1m',
    time: { from: 'now-30d', to: 'now' },
    annotations: { list: [] },
    links: [{ title: 'Loyalty', type: 'dashboards', icon: 'external link', tooltip: '', url: '', tags: [tag], asDropdown: false, targetBlank: false, includeVars: true, keepTime: true }],
    templating: { list: [...(asked.has('business') ? [variable('business')] : []), ...(asked.has('funnel') ? [variable('funnel')] : [])] },
    panels: queries.flatMap((query, index) => {
      const position = positions[index]
      return position === undefined ? [] : [grafanaPanel(query, index + 1, position)]
    })
  }
}

function variable (name: keyof typeof offers): GrafanaVariable {
  const { label, sql } = offers[name]
  return {
    type: 'query',
    name,
    label,
    hide: 0,
    skipUrlSync: false,
    datasource: dataSource,
    query: { refId: name, editorType: 'sql', rawSql: sql },
    refresh: 1,
    sort: 1,
    regex: '',
    multi: false,
    includeAll: false,
    options: []
  }
}
