import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createShop } from '../../simulator/shop/create-shop.ts'
import { day } from '../../simulator/durations.ts'
import { sendWebhooks } from '../../simulator/send/send-webhooks.ts'
import { readDashboardQueries, tabs } from '../../dashboard/server/dashboard-queries.ts'
import { grafanaDashboard } from '../../dashboard/grafana/grafana-dashboard.ts'
import { readConfig } from '../../config/config.ts'
import { analyticsViews } from '../analytics-views.ts'
import { fillIn } from '../dashboard/grafana-fill-in.ts'
import { ask, type Answer } from '../warehouse/server-fixture.ts'
import type { Deployment } from './deployment.ts'
import { embeddedDeployment } from './embedded-deployment.ts'
import { expectedFigures, expectSomethingOfEverything, figures } from './expected-figures.ts'
import { eventually } from './pipeline-process.ts'

/** What the login `bi` may and may not, on the real views with people in them. */
let deployment: Deployment
/** Names, e-mails and mobiles that were sent. */
const clear = new Set<string>()
const accessDenied = 497

const bi = async (query: string, settings = {}): Promise<Answer> => await ask(deployment.clickHouseUrl, 'bi', 'bi-password', query, settings)
const lines = ({ text }: Answer): string[] => text.split('\n').filter((line) => line !== '')

const texts = new Map<string, string>()

/** Every row of a view, as text. */
async function textOf (view: string): Promise<string> {
  const known = texts.get(view)
  if (known !== undefined) return known
  const from = view === 'funnel' ? "funnel(business = 'acme', funnel = 'purchase', from_day = today() - 30, to_day = today())" : view
  const answer = await bi(`SELECT * FROM analytics.${from} FORMAT JSONEachRow`, { output_format_json_escape_forward_slashes: '0' })
  expect(answer).toMatchObject({ status: 200, code: 0 })
  texts.set(view, answer.text)
  return answer.text
}

const inClear = (text: string): string[] => [...clear].filter((value) => text.includes(value))

const personal = /^(?:user_|lead_|referred_(?:by|to)_)?(?:name|email|mobile)$|^identity$/
const kinds = [/@/, /^\+?\d{10,}$/, /^\p{L}+ \p{L}+$/u]

/** The values of the fields that tell who somebody is, wherever a webhook has them. */
function noteClear (value: unknown, key = ''): void {
  if (typeof value === 'object' && value !== null) for (const [name, inner] of Object.entries(value)) noteClear(inner, name)
  else if (typeof value === 'string' && personal.test(key) && kinds.some((kind) => kind.test(value))) clear.add(value)
}

beforeAll(async () => {
  deployment = await embeddedDeployment({ CRM_PASSWORD: 'crm-password', LOG_LEVEL: 'warn' })
  const config = readConfig({ ...deployment.home.environment, CONFIG_FILE: `${deployment.home.folder}/loyalty.config.json` })
  const endAt = Date.now()
  const shop = createShop({ config, seed: 21, startAt: endAt - 30 * day, endAt, events: 4000 })
  await sendWebhooks(shop, {
    url: deployment.url,
    onAccepted ({ vendor, body }) {
      noteClear(JSON.parse(vendor === 'nector' ? body : new URLSearchParams(body).get('data') ?? ''))
    }
  })
  expectSomethingOfEverything(shop.expected())
  await eventually(async () => { expect(await figures(deployment)).toEqual(expectedFigures(shop.expected())) })
})
afterAll(async () => {
  await deployment?.stop()
  await deployment?.remove()
})

describe('bi can read every view of analytics', () => {
  test('and is shown those that sql/views makes', async () => {
    expect(lines(await bi("SELECT name FROM system.tables WHERE database = 'analytics' AND name NOT LIKE '.%' ORDER BY name"))).toEqual([...analyticsViews.keys()].toSorted())
  })

  test.each([...analyticsViews.keys()])('%s', async (view) => {
    expect(await textOf(view)).not.toBe('')
  })
})

describe('no clear e-mail, mobile or name', () => {
  test('the search finds people where they are', async () => {
    const contacts = await ask(deployment.clickHouseUrl, 'crm', 'crm-password', 'SELECT * FROM contacts.customers FORMAT JSONEachRow')
    expect(inClear(contacts.text).length).toBeGreaterThan(300)
    for (const kind of kinds) expect([...clear].filter((value) => kind.test(value)).length, String(kind)).toBeGreaterThan(100)
  })

  test.each([...analyticsViews.keys()])('in %s', async (view) => {
    const text = await textOf(view)
    expect(inClear(text)).toEqual([])
    expect(text).not.toMatch(/[\w.+-]+@[\w-]+\.\w+/)
  })
})

describe('nothing else', () => {
  test('no table or view of another database', async () => {
    const others = await deployment.query("SELECT concat(database, '.`', name, '`') AS name FROM system.tables WHERE database IN ('landing', 'contacts') ORDER BY name")
    expect(others.length).toBeGreaterThan(20)
    for (const { name } of others) expect(await bi(`SELECT * FROM ${String(name)} LIMIT 1`), String(name)).toMatchObject({ code: accessDenied })
    // and system.processes, where a query of its own is looked up to be cancelled
    expect(lines(await bi("SELECT DISTINCT if(database = 'system', concat('system.', table), database) AS seen FROM system.columns ORDER BY seen"))).toEqual(['analytics', 'system.processes'])
  })

  test('no writing', async () => {
    for (const query of [
      ...[...analyticsViews.keys()].map((view) => `DROP VIEW analytics.${view}`), 'DROP DATABASE analytics', 'CREATE TABLE analytics.mine (a UInt8) ENGINE = Memory',
      'CREATE VIEW analytics.mine AS SELECT 1', 'CREATE OR REPLACE VIEW analytics.orders AS SELECT 1', 'INSERT INTO landing.leads (event_id) SELECT generateUUIDv4()', 'TRUNCATE TABLE landing.leads',
      'ALTER TABLE landing.leads DELETE WHERE 1', 'OPTIMIZE TABLE landing.leads', 'RENAME TABLE analytics.orders TO analytics.mine'
    ]) expect(await bi(query), query).toMatchObject({ code: accessDenied })
    expect((await bi('INSERT INTO analytics.orders (business) VALUES (1)')).status).not.toBe(200)
  })
})

describe('a runaway query is stopped', () => {
  const everyPair = 'SELECT max(cityHash64(a.event_id, b.event_id, c.event_id)) FROM analytics.activities AS a CROSS JOIN analytics.activities AS b CROSS JOIN analytics.activities AS c'

  test('by time', async () => {
    const timeoutExceeded = 159
    expect(await bi("SELECT getSetting('max_execution_time')::UInt64")).toMatchObject({ text: '60' })
    expect(await bi(everyPair, { max_execution_time: '2' })).toMatchObject({ code: timeoutExceeded })
  })

  test('by memory', async () => {
    const memoryLimitExceeded = 241
    expect(await bi('SELECT length(groupArray((a.event_id, b.event_id, a.identity, b.identity))) FROM analytics.activities AS a CROSS JOIN analytics.activities AS b CROSS JOIN analytics.activities AS c')).toMatchObject({ code: memoryLimitExceeded })
  })

  test('by the size of its answer', async () => {
    const tooManyRows = 396
    expect(await bi('SELECT a.event_id FROM analytics.activities AS a CROSS JOIN analytics.activities AS b FORMAT Null')).toMatchObject({ code: tooManyRows })
  })

  test('and leaves nothing running, and the server well', async () => {
    await eventually(async () => { expect(await deployment.query("SELECT query FROM system.processes WHERE user = 'bi'")).toEqual([]) })
    expect(await bi('SELECT count() > 0 FROM analytics.activities')).toMatchObject({ text: '1' })
  })
})

describe('the panels of Grafana, which asks as bi', () => {
  const queries = readDashboardQueries()
  const now = Date.now()
  const chosen = { variables: { business: 'acme', funnel: 'purchase' }, from: now - 30 * day, to: now }
  interface Answered { readonly meta: ReadonlyArray<{ readonly name: string, readonly type: string }>, readonly data: ReadonlyArray<Record<string, unknown>> }

  async function answerOf (rawSql: string, choice = chosen): Promise<Answered> {
    const answer = await bi(`${fillIn(rawSql, choice)}\nFORMAT JSON`)
    expect(answer).toMatchObject({ status: 200, code: 0 })
    return JSON.parse(answer.text) as Answered
  }

  const panels = tabs.flatMap((tab) => {
    const ofTab = queries.filter((query) => query.tab === tab)
    return grafanaDashboard(tab, ofTab).panels.map((panel, index) => ({ name: ofTab[index]?.name ?? '', type: panel.type, query: ofTab[index], rawSql: panel.targets[0]?.rawSql ?? '' }))
  })

  test.each(panels)('$name as $type', async ({ type, query, rawSql }) => {
    const { meta, data } = await answerOf(rawSql)
    const typeOf = (column: string | undefined): string => meta.find(({ name }) => name === column)?.type ?? 'none'
    for (const column of query?.y ?? []) expect(typeOf(column), column).not.toBe('none')
    // the shop has one currency
    if (query?.hiddenWhenEmpty !== true) expect(data.length).toBeGreaterThan(0)
    // what a panel needs to draw anything at all
    if (type !== 'table') for (const column of query?.y ?? []) expect(typeOf(column), column).toMatch(/Int|Float|Decimal/)
    if (type === 'timeseries') expect(typeOf(query?.x)).toMatch(/Date/)
    if (type === 'barchart') expect(typeOf(query?.x)).toMatch(/Date|String/)
    if (type === 'stat') expect(data).toHaveLength(1)
  })

  test('the variables offer the business and its funnel', async () => {
    const variables = grafanaDashboard('funnel', queries.filter(({ tab }) => tab === 'funnel')).templating.list
    expect(variables.map(({ name }) => name)).toEqual(['business', 'funnel'])
    for (const { name, query } of variables) expect((await answerOf(query.rawSql)).data).toEqual([{ [name]: chosen.variables[name as keyof typeof chosen.variables] }])
  })

  test('a name with quotes is text and nothing else', async () => {
    const hostile = { ...chosen, variables: { ...chosen.variables, business: "acme' OR 1 = 1 OR '" } }
    for (const { rawSql, query } of panels) if (query?.parameters.includes('business') === true && query.chart === 'table') expect((await answerOf(rawSql, hostile)).data).toEqual([])
  })
})
