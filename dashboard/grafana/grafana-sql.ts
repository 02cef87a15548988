import type { DashboardQuery, ParameterName } from '../dashboard-queries.ts'

/**
 * What stands for a parameter in Grafana: variables of the dashboard, quoted and escaped as SQL text, and the macros of the ClickHouse
 * plugin for the ends of the period, which are DateTimes. Days are then those of the period's ends in UTC.
 */
const inGrafana: Readonly<Record<ParameterName, string>> = {
  business: '${business:sqlstring}',
  funnel: '${funnel:sqlstring}',
  from: "toDate($__fromTime, 'UTC')",
  to: "toDate($__toTime, 'UTC')"
}

/** The query for a panel: without its head of comments, which is in the panel, and with Grafana's way to say parameters. */
export function grafanaSql ({ name, sql }: DashboardQuery): string {
  const body = sql.replace(/^(?:-- .*\n)+/, '').trim()
  const asked = body.replaceAll(/\{(\w+):\w+\}/g, (_parameter, parameter: ParameterName) => inGrafana[parameter])
  return `-- sql/dashboards/${name}.sql\n${asked}`
}
