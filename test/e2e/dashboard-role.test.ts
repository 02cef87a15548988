import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readDashboardQueries } from '../../dashboard/server/dashboard-queries.ts'
import type { Answer, Failure } from '../../dashboard/page/answers.ts'
import { createHome, eventually, run, startPipeline, type Home, type Pipeline, printed } from './pipeline-process.ts'

const parameters: Readonly<Record<string, string>> = { business: 'acme', funnel: 'purchase', from: '2026-01-01', to: '2026-01-31' }

let shop: { readonly home: Home, readonly pipeline: Pipeline }
const homes: Home[] = []
beforeAll(async () => {
  const home = await newHome({})
  shop = { home, pipeline: await startPipeline(home) }
})
afterAll(async () => {
  await shop?.pipeline.stop()
  await Promise.all(homes.map(async (home) => { await home.remove() }))
})

async function newHome (settings: Readonly<Record<string, string>>): Promise<Home> {
  const home = await createHome({ LOG_LEVEL: 'warn', ...settings })
  homes.push(home)
  return home
}

async function ask (url: string, name: string, used: readonly string[], password?: string): Promise<{ readonly status: number, readonly body: Answer & Failure }> {
  const query = new URLSearchParams(Object.fromEntries(used.map((one) => [one, parameters[one] ?? '']))).toString()
  const headers = password === undefined ? {} : { authorization: `Basic ${Buffer.from(`:${password}`).toString('base64')}` }
  const response = await fetch(`${url}/api/queries/${name}?${query}`, { headers })
  return { status: response.status, body: await response.json() as Answer & Failure }
}

/** A process of its own that is nothing but the dashboard. */
async function alone (settings: Readonly<Record<string, string>>, use: (dashboard: Pipeline) => Promise<void>): Promise<void> {
  const dashboard = await startPipeline(await newHome(settings), ['start', '--roles', 'dashboard'])
  try {
    await use(dashboard)
  } finally {
    expect(await dashboard.stop()).toBe(0)
  }
}

test.each(readDashboardQueries().map((query) => [query.name, query] as const))('%s answers with the columns that it says it draws, also where nothing is loaded', async (name, { x, y, parameters: used }) => {
  await eventually(async () => {
    const { status, body } = await ask(shop.pipeline.adminUrl, name, used)
    expect({ name, status, error: body.error }).toEqual({ name, status: 200, error: undefined })
    expect(body.columns.map((column) => column.name)).toEqual(expect.arrayContaining([...(x === undefined ? [] : [x]), ...y]))
  })
})

describe('alone', () => {
  test('it shows what is in ClickHouse, to who knows the password', async () => {
    await alone({ CLICKHOUSE_URL: shop.pipeline.clickHouseUrl, ADMIN_PASSWORD: 'a-secret', ADMIN_HOST: '127.0.0.1' }, async (dashboard) => {
      await printed(dashboard)
      expect(dashboard.output()).toContain('(password in ADMIN_PASSWORD)')
      expect((await fetch(dashboard.adminUrl)).status).toBe(401)
      expect((await ask(dashboard.adminUrl, 'overview_coins', ['business'], 'a-secret')).body.rows).toEqual([[0, null, null]])
      expect((await fetch(`${dashboard.adminUrl}/metrics`)).status).toBe(200)
    })
  })

  test('a wrong password of bi is told with what to do', async () => {
    await alone({ CLICKHOUSE_URL: shop.pipeline.clickHouseUrl, BI_PASSWORD: 'not-the-one' }, async (dashboard) => {
      expect(await ask(dashboard.adminUrl, 'overview_coins', ['business'])).toMatchObject({
        status: 503, body: { error: { code: 'READER_REFUSED', message: expect.stringContaining('set BI_PASSWORD') as string } }
      })
    })
  })

  test('a ClickHouse that is away is told, and the page is there', async () => {
    await alone({ CLICKHOUSE_URL: 'http://127.0.0.1:1' }, async (dashboard) => {
      expect((await fetch(dashboard.adminUrl)).status).toBe(200)
      expect(await ask(dashboard.adminUrl, 'overview_coins', ['business'])).toMatchObject({
        status: 503, body: { error: { code: 'WAREHOUSE_UNAVAILABLE', message: expect.stringContaining('127.0.0.1:1 gives no answer') as string } }
      })
    })
  })

  test.each<[string, Record<string, string>, string]>([
    ['no ClickHouse to ask', {}, 'CLICKHOUSE_URL: expected a server for the role dashboard'],
    ['nobody to ask as', { CLICKHOUSE_URL: 'http://127.0.0.1:1', BI_PASSWORD: '' }, 'BI_PASSWORD: the dashboard asks ClickHouse as the read-only user bi'],
    ['everybody who may look', { CLICKHOUSE_URL: 'http://127.0.0.1:1', ADMIN_HOST: '0.0.0.0' }, 'ADMIN_HOST: expected ADMIN_PASSWORD beside 0.0.0.0']
  ])('with %s it does not start, and says what to do', async (_what, settings, message) => {
    const process = run(await newHome(settings), ['start', '--roles', 'dashboard'])
    expect(await process.ended).toBe(1)
    expect(process.output()).toContain(message)
  })
})
