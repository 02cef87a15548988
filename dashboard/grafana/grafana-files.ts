import { readDashboardQueries, tabs } from '../server/dashboard-queries.ts'
import { grafanaDashboard } from './grafana-dashboard.ts'

/** Where the dashboards are kept, from the package's root. */
export const grafanaFolder = 'deploy/grafana/dashboards'

/** The file of each tab, by its name. */
export function grafanaFiles (): ReadonlyMap<string, string> {
  const queries = readDashboardQueries()
  return new Map(tabs.map((tab) => [`${tab}.json`, `${JSON.stringify(grafanaDashboard(tab, queries.filter((query) => query.tab === tab)), null, 2)}\n`]))
}
