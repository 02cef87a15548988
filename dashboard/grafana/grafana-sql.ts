import type { DashboardQuery, ParameterName } from '../server/dashboard-queries.ts'

/** A variable of the dashboard as text of SQL. For names with quotes in them, not against malice: who may look may ask anything as bi. */
export function grafanaVariable (name: ParameterName): string {
  return `\${${name}:sqlstring}`
}

/**
 * What stands for a parameter in Grafana: variables of the dashboard, and for the ends of the period the macros of the ClickHouse plugin,
 * which give a DateTime. Source: pkg/macros/macros.go of grafana/clickhouse-datasource.
 */
const inGrafana: Readonly<Record<ParameterName, string>> = {
  business: grafanaVariable('business'),
  funnel: grafanaVariable('funnel'),
  from: "toDate($__fromTime, 'UTC')",
  to: "toDate($__toTime, 'UTC')"
}

/** The query for a panel: without its head of comments, which is in the panel, and with Grafana's way to say parameters. */
export function grafanaSql ({ name, sql }: DashboardQuery): string {
  const body = sql.replace(/^(?:-- .*\n)+/, '').trim()
  const asked = body.replaceAll(/\{(\w+):\w+\}/g, (_parameter, parameter: ParameterName) => inGrafana[parameter])
  return `-- sql/dashboards/${name}.sql\n${asked}`
}
