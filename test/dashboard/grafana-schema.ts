import { z } from 'zod'

/**
 * What a dashboard file of Grafana must be, as far as it is said without Grafana: the types of @grafana/schema 12.4.0 (Dashboard, Panel,
 * VariableModel, DashboardLink and the panels' Options), which Grafana's own code is generated from, and its limits of the grid
 * (kinds/dashboard/dashboard_kind.cue). Strict: a field that these types do not have is an error. Of open sets, only what is used here.
 */
const dataSource = z.strictObject({ type: z.string(), uid: z.string() })

const gridPos = z.strictObject({
  h: z.int().positive(),
  w: z.int().positive().max(24),
  x: z.int().min(0).max(23),
  y: z.int().min(0)
}).refine(({ x, w }) => x + w <= 24, 'ends beyond the grid')

const legend = z.strictObject({ showLegend: z.boolean(), displayMode: z.enum(['list', 'table', 'hidden']), placement: z.enum(['bottom', 'right']), calcs: z.array(z.string()) })
const tooltip = z.strictObject({ mode: z.enum(['single', 'multi', 'none']), sort: z.enum(['asc', 'desc', 'none']) })
const orientation = z.enum(['auto', 'horizontal', 'vertical'])

const target = z.strictObject({
  refId: z.string().min(1),
  datasource: dataSource,
  // src/types/sql.ts and the dashboards of the plugin's own src/dashboards
  editorType: z.literal('sql'),
  format: z.literal(1),
  queryType: z.literal('table'),
  pluginVersion: z.string(),
  rawSql: z.string().min(1)
})

const fieldConfig = <Custom extends z.ZodType> (custom: Custom): z.ZodType => z.strictObject({
  defaults: z.strictObject({
    mappings: z.array(z.never()),
    noValue: z.string(),
    min: z.number().optional(),
    color: z.strictObject({ mode: z.enum(['fixed', 'palette-classic', 'thresholds']), fixedColor: z.string().optional() }).optional(),
    custom
  }),
  overrides: z.array(z.strictObject({
    matcher: z.strictObject({ id: z.literal('byName'), options: z.string() }),
    properties: z.array(z.discriminatedUnion('id', [
      z.strictObject({ id: z.literal('displayName'), value: z.string().min(1) }),
      // packages/grafana-data/src/valueFormats/categories.ts
      z.strictObject({ id: z.literal('unit'), value: z.enum(['percentunit', 'locale', 'h']) })
    ]))
  }))
})

const panelOf = <Type extends string, Options extends z.ZodType, Custom extends z.ZodType> (type: Type, options: Options, custom: Custom) => z.strictObject({
  id: z.int().positive(),
  type: z.literal(type),
  title: z.string().min(1),
  description: z.string(),
  pluginVersion: z.string(),
  gridPos,
  transparent: z.boolean(),
  datasource: dataSource,
  targets: z.array(target).length(1),
  transformations: z.array(z.strictObject({ id: z.literal('filterFieldsByName'), options: z.strictObject({ include: z.strictObject({ names: z.array(z.string()).min(1) }) }) })),
  options,
  fieldConfig: fieldConfig(custom)
})

const panel = z.discriminatedUnion('type', [
  panelOf('stat', z.strictObject({
    colorMode: z.enum(['value', 'background', 'background_solid', 'none']),
    graphMode: z.enum(['none', 'area', 'line']),
    justifyMode: z.enum(['auto', 'center']),
    textMode: z.enum(['auto', 'value', 'value_and_name', 'name', 'none']),
    percentChangeColorMode: z.enum(['standard', 'inverted', 'same_as_value']),
    showPercentChange: z.boolean(),
    wideLayout: z.boolean(),
    orientation,
    reduceOptions: z.strictObject({ calcs: z.array(z.string()), fields: z.string(), values: z.boolean() })
  }), z.undefined().optional()),
  panelOf('timeseries', z.strictObject({ legend, tooltip }), z.strictObject({ drawStyle: z.enum(['line', 'bars', 'points']), lineWidth: z.number(), fillOpacity: z.number(), showPoints: z.enum(['auto', 'always', 'never']), spanNulls: z.boolean() })),
  panelOf('barchart', z.strictObject({
    xField: z.string(),
    orientation,
    stacking: z.enum(['none', 'normal', 'percent']),
    showValue: z.enum(['auto', 'always', 'never']),
    barWidth: z.number().min(0).max(1),
    groupWidth: z.number().min(0).max(1),
    fullHighlight: z.boolean(),
    xTickLabelRotation: z.number(),
    xTickLabelMaxLength: z.number(),
    xTickLabelSpacing: z.number(),
    legend,
    tooltip
  }), z.strictObject({ fillOpacity: z.number(), lineWidth: z.number() })),
  panelOf('table', z.strictObject({ showHeader: z.boolean(), cellHeight: z.enum(['sm', 'md', 'lg', 'auto']), frameIndex: z.number() }), z.strictObject({ align: z.string(), filterable: z.boolean() }))
])

const variable = z.strictObject({
  type: z.literal('query'),
  name: z.string().regex(/^\w+$/),
  label: z.string(),
  hide: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
  skipUrlSync: z.boolean(),
  datasource: dataSource,
  query: z.strictObject({ refId: z.string(), editorType: z.literal('sql'), rawSql: z.string() }),
  refresh: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  sort: z.int().min(0).max(8),
  regex: z.string(),
  multi: z.boolean(),
  includeAll: z.boolean(),
  options: z.array(z.never())
})

const link = z.strictObject({
  title: z.string(),
  type: z.enum(['link', 'dashboards']),
  icon: z.string(),
  tooltip: z.string(),
  url: z.string(),
  tags: z.array(z.string()),
  asDropdown: z.boolean(),
  targetBlank: z.boolean(),
  includeVars: z.boolean(),
  keepTime: z.boolean()
})

export const grafanaDashboardSchema = z.strictObject({
  // null: a file that is provisioned must not have one
  id: z.null(),
  uid: z.string().regex(/^[\w-]{1,40}$/),
  title: z.string().min(1),
  description: z.string(),
  tags: z.array(z.string()),
  timezone: z.string(),
  editable: z.boolean(),
  graphTooltip: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  schemaVersion: z.literal(42),
  refresh: z.string().regex(/^\d+[smhd]$/),
  time: z.strictObject({ from: z.string(), to: z.string() }),
  annotations: z.strictObject({ list: z.array(z.never()) }),
  links: z.array(link),
  templating: z.strictObject({ list: z.array(variable) }),
  panels: z.array(panel).min(1)
})

export type GrafanaDashboardFile = z.infer<typeof grafanaDashboardSchema>
