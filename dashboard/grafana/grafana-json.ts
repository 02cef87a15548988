/** The parts of Grafana's dashboard JSON that are written here. Source: the types of the package @grafana/schema 12.4.0. */
export interface GrafanaDashboard {
  readonly id: null
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly tags: readonly string[]
  readonly timezone: string
  readonly editable: boolean
  readonly graphTooltip: 0 | 1 | 2
  readonly schemaVersion: number
  readonly refresh: string
  readonly time: { readonly from: string, readonly to: string }
  readonly annotations: { readonly list: readonly never[] }
  readonly links: readonly GrafanaLink[]
  readonly templating: { readonly list: readonly GrafanaVariable[] }
  readonly panels: readonly GrafanaPanel[]
}

export interface GrafanaLink {
  readonly title: string
  readonly type: 'dashboards'
  readonly icon: string
  readonly tooltip: string
  readonly url: string
  readonly tags: readonly string[]
  readonly asDropdown: boolean
  readonly targetBlank: boolean
  readonly includeVars: boolean
  readonly keepTime: boolean
}

export interface DataSourceRef { readonly type: string, readonly uid: string }

export interface GrafanaVariable {
  readonly type: 'query'
  readonly name: string
  readonly label: string
  readonly hide: 0 | 1 | 2
  readonly skipUrlSync: boolean
  readonly datasource: DataSourceRef
  readonly query: { readonly refId: string, readonly editorType: 'sql', readonly rawSql: string }
  /** 1: when the dashboard is opened. */
  readonly refresh: 0 | 1 | 2
  /** 1: by the alphabet. */
  readonly sort: number
  readonly regex: string
  readonly multi: boolean
  readonly includeAll: boolean
  readonly options: readonly never[]
}

export interface GridPos { readonly h: number, readonly w: number, readonly x: number, readonly y: number }

export interface Override {
  readonly matcher: { readonly id: 'byName', readonly options: string }
  readonly properties: ReadonlyArray<{ readonly id: string, readonly value: unknown }>
}

export interface GrafanaPanel {
  readonly id: number
  readonly type: 'stat' | 'timeseries' | 'barchart' | 'table'
  readonly title: string
  readonly description: string
  readonly pluginVersion: string
  readonly gridPos: GridPos
  readonly transparent: boolean
  readonly datasource: DataSourceRef
  readonly targets: readonly GrafanaTarget[]
  readonly transformations: ReadonlyArray<{ readonly id: string, readonly options: unknown }>
  readonly options: Readonly<Record<string, unknown>>
  readonly fieldConfig: { readonly defaults: Readonly<Record<string, unknown>>, readonly overrides: readonly Override[] }
}

/** A query as the ClickHouse plugin keeps it. Source: src/types/sql.ts and the dashboards in src/dashboards of grafana/clickhouse-datasource. */
export interface GrafanaTarget {
  readonly refId: string
  readonly datasource: DataSourceRef
  readonly editorType: 'sql'
  /** 1: rows and columns as they are. A time series panel takes them too, where a column is a date. */
  readonly format: 1
  readonly queryType: 'table'
  readonly pluginVersion: string
  readonly rawSql: string
}
