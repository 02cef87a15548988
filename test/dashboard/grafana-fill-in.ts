/** What the dashboard's user has chosen. */
export interface Chosen {
  readonly variables: Readonly<Record<string, string>>
  /** Epoch milliseconds, as of Grafana's time picker. */
  readonly from: number
  readonly to: number
}

/**
 * What Grafana and the ClickHouse plugin make of a query before they send it: `:sqlstring` quotes a text and doubles the quotes in it
 * (grafana/grafana, variable formats), the macros give DateTimes of whole seconds (grafana/clickhouse-datasource, pkg/macros/macros.go).
 */
export function fillIn (rawSql: string, { variables, from, to }: Chosen): string {
  return rawSql
    .replaceAll(/\$\{(\w+):sqlstring\}/g, (_reference, name: string) => `'${(variables[name] ?? '').replaceAll("'", "''")}'`)
    .replaceAll(/\$__fromTime\b/g, `toDateTime(${Math.floor(from / 1000)})`)
    .replaceAll(/\$__toTime\b/g, `toDateTime(${Math.floor(to / 1000)})`)
}
