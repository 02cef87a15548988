import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readDashboardQueries, tabs } from '../../dashboard/server/dashboard-queries.ts'
import { grafanaFiles, grafanaFolder } from '../../dashboard/grafana/grafana-files.ts'
import { placeInGrid } from '../../dashboard/grafana/grafana-grid.ts'
import { dataSource, grafanaVersion, pluginVersion } from '../../dashboard/grafana/grafana-panel.ts'
import { packageRoot } from '../../runtime/package-root.ts'
import { compose, mounts, readYaml } from '../deploy/compose-file.ts'
import { grafanaDashboardSchema } from './grafana-schema.ts'

const folder = join(packageRoot, grafanaFolder)
const committed = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
const dashboards = [...committed.values()].map((text) => grafanaDashboardSchema.parse(JSON.parse(text)))
const queries = readDashboardQueries()

test('the files are what `npm run grafana` writes from sql/dashboards: run it and commit them', () => {
  expect(Object.fromEntries(committed)).toEqual(Object.fromEntries(grafanaFiles()))
  expect([...committed.keys()].toSorted()).toEqual(tabs.map((tab) => `${tab}.json`).toSorted())
})

test('every query of the page has its panel, with its title and note', () => {
  expect(dashboards.flatMap(({ panels }) => panels)).toHaveLength(queries.length)
  for (const { tab, title, note } of queries) {
    const panel = dashboards.find(({ uid }) => uid === `loyalty-${tab}`)?.panels.find((one) => one.title === title)
    expect(panel, title).toBeDefined()
    expect(panel?.description).toContain(note ?? '')
  }
})

test('no two dashboards have one uid or title', () => {
  for (const names of [dashboards.map(({ uid }) => uid), dashboards.map(({ title }) => title)]) expect(new Set(names).size).toBe(tabs.length)
})

describe.each(dashboards.map((dashboard) => [dashboard.uid, dashboard] as const))('%s', (_uid, { panels, templating }) => {
  test('no two panels have one id or overlap', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => Array.from({ length: w * h }, (_, index) => `${x + index % w},${y + Math.floor(index / w)}`))
    expect(new Set(cells).size).toBe(cells.length)
  })

  test('every variable that is asked for is defined, and every one that is defined is asked for', () => {
    const texts = [...panels.flatMap(({ targets }) => targets.map(({ rawSql }) => rawSql)), ...templating.list.map(({ query }) => query.rawSql)]
    const asked = new Set(texts.flatMap((text) => [...text.matchAll(/\$\{(\w+)(?::\w+)?\}/g)].map(([, name]) => name)))
    expect([...asked].toSorted()).toEqual(templating.list.map(({ name }) => name).toSorted())
    // nothing else is left that Grafana or the page would have to fill in
    for (const text of texts) expect(text.replaceAll(/\$\{\w+:sqlstring\}|\$__(?:from|to)Time\b/g, '')).not.toMatch(/\$|\{\w+:\w+\}/)
  })

  test('every query goes to the data source that is provisioned', () => {
    const { datasources } = readYaml('deploy/grafana/provisioning/datasources/datasources.yml') as { datasources: Array<{ type: string, uid: string }> }
    expect(datasources).toContainEqual(expect.objectContaining({ ...dataSource }))
    for (const one of [...panels, ...panels.flatMap(({ targets }) => targets), ...templating.list]) expect(one.datasource).toEqual(dataSource)
  })

  test('a panel draws columns that its options and units name', () => {
    for (const { options, transformations, fieldConfig } of panels) {
      const names = transformations.flatMap((one) => one.options.include.names)
      if ('xField' in options) expect(names[0]).toBe(options.xField)
      const { overrides } = fieldConfig as { overrides: Array<{ matcher: { options: string } }> }
      for (const { matcher } of overrides) expect(names).toContain(matcher.options)
    }
  })
})

describe('docker-compose.yml', () => {
  const { image, environment, ...grafana } = compose.services['grafana'] ?? { image: '' }

  test('runs the versions that the dashboards are written for', () => {
    expect(image).toBe(`grafana/grafana:${grafanaVersion}`)
    expect(environment?.['GF_PLUGINS_PREINSTALL_SYNC']).toBe(`${dataSource.type}@${pluginVersion}`)
  })

  test('mounts the provider and, where that looks for them, the dashboards', () => {
    const { providers: [provider] } = readYaml('deploy/grafana/provisioning/dashboards/dashboards.yml') as { providers: Array<{ type: string, options: { path: string } }> }
    const mounted = mounts({ image, ...grafana })
    expect(mounted).toContainEqual({ source: './deploy/grafana/provisioning/dashboards', target: '/etc/grafana/provisioning/dashboards' })
    expect(provider?.type).toBe('file')
    expect(mounted).toContainEqual({ source: `./${grafanaFolder}`, target: provider?.options.path })
  })
})

test('the grid: rows are filled from the left, and the last of a row reaches its end', () => {
  const [half, whole, low] = [{ width: 12, height: 9 }, { width: 24, height: 9 }, { width: 12, height: 5 }]
  expect(placeInGrid([low, half, half, half, whole])).toEqual([
    { x: 0, y: 0, w: 24, h: 5 }, { x: 0, y: 5, w: 12, h: 9 }, { x: 12, y: 5, w: 12, h: 9 }, { x: 0, y: 14, w: 24, h: 9 }, { x: 0, y: 23, w: 24, h: 9 }
  ])
  expect(placeInGrid([])).toEqual([])
})
