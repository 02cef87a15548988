import type { Chart, DashboardQuery } from '../server/dashboard-queries.ts'
import type { DataSourceRef, GrafanaPanel, GridPos, Override } from './grafana-json.ts'
import { grafanaSql } from './grafana-sql.ts'

/** That of deploy/grafana/provisioning/datasources. */
export const dataSource: DataSourceRef = { type: 'grafana-clickhouse-datasource', uid: 'clickhouse' }
/** Those of docker-compose.yml: what the JSON is written for. */
export const grafanaVersion = '12.4.0'
export const pluginVersion = '4.14.0'

const panelTypes = { number: 'stat', line: 'timeseries', bar: 'barchart', funnel: 'barchart', table: 'table' } as const satisfies Record<Chart, GrafanaPanel['type']>

export function grafanaPanel (query: DashboardQuery, id: number, gridPos: GridPos): GrafanaPanel {
  return {
    id,
    type: panelTypes[query.chart],
    title: query.title,
    description: descriptionOf(query),
    pluginVersion: grafanaVersion,
    gridPos,
    transparent: false,
    datasource: dataSource,
    targets: [{ refId: 'A', datasource: dataSource, editorType: 'sql', format: 1, queryType: 'table', pluginVersion, rawSql: grafanaSql(query) }],
    // the answer may have more columns than are drawn
    transformations: [{ id: 'filterFieldsByName', options: { include: { names: query.x === undefined ? query.y : [query.x, ...query.y] } } }],
    options: optionsOf(query),
    fieldConfig: { defaults: defaultsOf(query), overrides: query.y.map((column, index) => overrideOf(column, query.units[index])) }
  }
}

/** The note, and what Grafana's units cannot say. */
function descriptionOf ({ note, units }: DashboardQuery): string {
  const money = units.includes('currency') ? 'Money is in the currency of the business.' : ''
  return [note?.replace(/(?<!\.)$/, '.') ?? '', money].filter((part) => part !== '').join(' ')
}

/** A unit that Grafana knows; coins, customers and the like, and money, are plain numbers. */
function unitOf (unit: string): string {
  if (unit === 'percent') return 'percentunit'
  return unit === 'hours' ? 'h' : 'locale'
}

function overrideOf (column: string, unit: string | undefined): Override {
  const properties = [{ id: 'displayName', value: column.replaceAll('_', ' ') }]
  return { matcher: { id: 'byName', options: column }, properties: unit === undefined ? properties : [...properties, { id: 'unit', value: unitOf(unit) }] }
}

function defaultsOf ({ chart, units }: DashboardQuery): Record<string, unknown> {
  const plain = { mappings: [], noValue: '–' }
  switch (chart) {
    case 'number': return { ...plain, color: { mode: 'fixed', fixedColor: 'text' } }
    case 'line': return { ...plain, color: { mode: 'palette-classic' }, ...(units.includes('percent') ? { min: 0 } : {}), custom: { drawStyle: 'line', lineWidth: 2, fillOpacity: 10, showPoints: 'auto', spanNulls: false } }
    case 'bar':
    case 'funnel': return { ...plain, color: { mode: 'palette-classic' }, custom: { fillOpacity: 80, lineWidth: 1 } }
    case 'table': return { ...plain, custom: { align: 'auto', filterable: true } }
  }
}

const legend = { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] }
const tooltip = { mode: 'multi', sort: 'none' }

function optionsOf ({ chart, x, y }: DashboardQuery): Record<string, unknown> {
  switch (chart) {
    case 'number': return { colorMode: 'value', graphMode: 'none', justifyMode: 'auto', orientation: 'vertical', textMode: 'value_and_name', wideLayout: true, showPercentChange: false, percentChangeColorMode: 'standard', reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false } }
    case 'line': return { legend, tooltip }
    case 'bar':
    case 'funnel': return {
      xField: x,
      orientation: chart === 'funnel' ? 'horizontal' : 'vertical',
      stacking: 'none',
      showValue: chart === 'funnel' ? 'always' : 'auto',
      barWidth: 0.9,
      groupWidth: 0.8,
      fullHighlight: false,
      xTickLabelRotation: 0,
      xTickLabelMaxLength: 24,
      xTickLabelSpacing: chart === 'funnel' ? 0 : 100,
      legend: { ...legend, showLegend: y.length > 1 },
      tooltip
    }
    case 'table': return { showHeader: true, cellHeight: 'sm', frameIndex: 0 }
  }
}
