import { pino } from 'pino'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { createPositionComparison } from '../../app/compare-positions.ts'
import { createIngestMetrics } from '../../ingest/ingest-metrics.ts'
import { createLoadMetrics } from '../../load/load-metrics.ts'
import { futureTimesReport } from '../../log/future-times.ts'
import { registerLagMetrics } from '../../log/lag-metrics.ts'
import { createDamageReport } from '../../log/damage-report.ts'
import { createLossReport } from '../../log/loss-report.ts'
import { errorsByCode } from '../../docs/generate/declared-errors.ts'
import { createTransformMetrics } from '../../transform/transform-metrics.ts'
import { createWarehouseClient } from '../../warehouse/clickhouse-client.ts'
import { registerFigureMetrics } from '../../warehouse/figure-metrics.ts'
import { ours, read, readYaml } from './compose-file.ts'
import { readPromql } from './promql.ts'

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly labels: { readonly severity: string }
  readonly annotations: Readonly<Record<'summary' | 'description' | 'runbook', string>>
}

const { groups } = readYaml('deploy/alerts.yml') as { groups: Array<{ rules: Rule[] }> }
const rules = groups.flatMap((group) => group.rules)
const { scrape_configs: jobs } = readYaml('deploy/prometheus.yml') as { scrape_configs: Array<{ job_name: string }> }

/** What Prometheus adds to every series of a target (deploy/prometheus.yml). */
const targetLabels = ['job', 'instance', 'role']
const known = new Map<string, readonly string[]>([
  ['up', []],
  // ClickHouse's own, at the port of deploy/clickhouse/config.d/loyalty.xml
  ['ClickHouseAsyncMetrics_DiskAvailable_default', []],
  ['ClickHouseAsyncMetrics_DiskTotal_default', []]
])

const registry = new Registry()
collectDefaultMetrics({ register: registry })
createIngestMetrics(registry)
createTransformMetrics(registry)
createLoadMetrics(registry)
createLossReport(registry, pino({ level: 'silent' }))
registerLagMetrics(registry, { lag: async () => [], backlog: async () => undefined, disk: async () => undefined }, Date.now)
createDamageReport(registry, pino({ level: 'silent' }))
createPositionComparison(registry, pino({ level: 'silent' }))
futureTimesReport({ registry, logger: pino({ level: 'silent' }), now: Date.now })
registerFigureMetrics(registry, createWarehouseClient({ url: 'http://127.0.0.1:1', user: 'nobody', password: '' }))
for (const metric of registry.getMetricsAsArray()) {
  const { name, labelNames } = metric as unknown as { name: string, labelNames: readonly string[] }
  known.set(name, labelNames)
  for (const part of ['bucket', 'sum', 'count']) if (metric.constructor.name === 'Histogram') known.set(`${name}_${part}`, part === 'bucket' ? [...labelNames, 'le'] : labelNames)
}

/** As GitHub makes them of headings. */
const sections = new Set([...read('docs/operations.md').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(/[^\w\s-]/g, '').replaceAll(' ', '-')))

const labelValues: Readonly<Record<string, readonly string[]>> = {
  code: Object.keys(errorsByCode),
  role: ours.map(([name]) => name),
  job: jobs.map(({ job_name: name }) => name),
  kind: ['held', 'limit', 'free', 'reserve'],
  result: ['off', 'absent', 'valid', 'invalid']
}

describe.each(rules.map((rule) => [rule.alert, rule] as const))('%s', (_name, { expr, labels, annotations }) => {
  const { selectors, grouped } = readPromql(expr)
  const available = new Set([...targetLabels, ...selectors.flatMap(({ metric }) => known.get(metric) ?? [])])

  test('asks for metrics, labels and values that there are', () => {
    expect(selectors.length).toBeGreaterThan(0)
    for (const { metric, labels: matched } of selectors) {
      expect([...known.keys()]).toContain(metric)
      for (const [label, values] of matched) {
        expect([...targetLabels, ...known.get(metric) ?? []]).toContain(label)
        expect(labelValues[label]).toEqual(expect.arrayContaining([...values]))
      }
    }
    for (const label of grouped) expect([...available]).toContain(label)
  })

  test('says what it is, what to do and where more is said', () => {
    expect(['critical', 'warning']).toContain(labels.severity)
    expect(annotations.summary).not.toBe('')
    expect(annotations.description).not.toBe('')
    const [, section = ''] = /^docs\/operations\.md#(.+)$/.exec(annotations.runbook) ?? []
    expect([...sections]).toContain(section)
  })

  test('its texts name only labels that the alert has', () => {
    const kept = expr.includes('absent(') ? [] : grouped.length > 0 ? grouped : [...available]
    for (const [, label] of Object.values(annotations).join(' ').matchAll(/\$labels\.(\w+)/g)) expect(kept).toContain(label)
  })
})

test('every alert has a name of its own', () => {
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
})

test('what is no PromQL is noticed', () => {
  expect(() => readPromql('sum by (a (rate(x[5m]))')).toThrow(SyntaxError)
})
