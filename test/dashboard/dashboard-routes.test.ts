import { fastify, type FastifyInstance, type LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import { afterEach, describe, expect, test } from 'vitest'
import { readDashboardQueries } from '../../dashboard/server/dashboard-queries.ts'
import { dashboardRoutes } from '../../dashboard/server/dashboard-routes.ts'
import { readPageFiles } from '../../dashboard/server/page-files.ts'
import type { Configuration, Failure } from '../../dashboard/page/answers.ts'
import { AppError } from '../../runtime/errors.ts'
import { acmeBusinesses, nectorSecret, netcoreToken } from '../support/acme.ts'
import type { AnalyticsReader } from '../../warehouse/analytics-reader.ts'
import { memoryReader } from './memory-reader.ts'
import { warehouseErrors } from '../../warehouse/warehouse-errors.ts'

const businesses = acmeBusinesses()
const queries = readDashboardQueries()
const files = readPageFiles()
const answer = { columns: [{ name: 'day', type: 'Date' }, { name: 'title', type: 'String' }], rows: [['2026-06-01', '=1+1'], ['2026-06-02', 'a "b", c'], ['2026-06-03', null]] } as const
const period = 'business=acme&from=2026-06-01&to=2026-06-30'

const open: FastifyInstance[] = []
afterEach(async () => { await Promise.all(open.splice(0).map(async (app) => { await app.close() })) })

function dashboard (reader: AnalyticsReader | (() => AnalyticsReader) = memoryReader(answer), password?: string, logger = pino({ level: 'silent' })): FastifyInstance {
  const app = fastify({ forceCloseConnections: true })
  app.get('/metrics', () => 'metrics')
  app.register(async (scope) => {
    dashboardRoutes({ queries, businesses, files, password, reader: typeof reader === 'function' ? reader : () => reader, logger })(scope)
  })
  open.push(app)
  return app
}

async function get (app: FastifyInstance, url: string, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
  return await app.inject({ url, headers: { host: 'localhost:8081', ...headers } })
}

describe('page', () => {
  test('every file that it names is there, and may be kept for good; the page itself may not', async () => {
    const app = dashboard()
    const page = await get(app, '/')
    expect(page.statusCode).toBe(200)
    expect(page.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' })
    const named = [...page.body.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path)
    expect(named.length).toBeGreaterThanOrEqual(4)
    for (const path of [...named, `/assets/${files.version}/uplot.js`, `/assets/${files.version}/panel.js`]) {
      const file = await get(app, path)
      expect(file.statusCode, path).toBe(200)
      expect(file.headers['cache-control']).toContain('immutable')
    }
  })

  test.each(['/assets/0000/main.js', `/assets/${files.version}/..%2f..%2fpackage.json`, `/assets/${files.version}/other.js`])('%s is not there', async (path) => {
    expect((await get(dashboard(), path)).statusCode).toBe(404)
  })

  test.each(['/', '/api/configuration', '/api/queries/none', `/assets/${files.version}/main.js`])('%s allows nothing from elsewhere and no frame', async (path) => {
    const { headers } = await get(dashboard(), path)
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
  })
})

describe('configuration', () => {
  test('names businesses, funnels and queries, and no secret', async () => {
    const { body, headers, json } = await get(dashboard(), '/api/configuration')
    expect(headers['cache-control']).toBe('no-store')
    const configuration = json<Configuration>()
    expect(configuration.businesses).toEqual([{ id: 'acme', currency: 'INR', timezone: 'Asia/Kolkata', funnels: ['purchase'], webhooks: ['/webhooks/nector/acme-nector', '/webhooks/netcore/acme-netcore'] }])
    expect(configuration.queries.map(({ name }) => name)).toEqual(queries.map(({ name }) => name))
    for (const hidden of [nectorSecret, netcoreToken, 'SELECT']) expect(body).not.toContain(hidden)
  })
})

describe('queries', () => {
  test('the file is asked with bound parameters', async () => {
    const reader = memoryReader(answer)
    const { statusCode, headers, json } = await get(dashboard(reader), `/api/queries/coins_by_day?${period}`)
    expect(statusCode).toBe(200)
    expect(headers['cache-control']).toBe('no-store')
    expect(json()).toEqual(answer)
    expect(reader.asked).toEqual([{ sql: queries.find(({ name }) => name === 'coins_by_day')?.sql, parameters: { business: 'acme', from: '2026-06-01', to: '2026-06-30' } }])
  })

  test('a query ends when who asked it has gone', async () => {
    const reader = memoryReader(answer)
    let answerNow = (): void => {}
    const app = dashboard({ ...reader, query: async (...asked) => { await new Promise<void>((resolve) => { answerNow = resolve }); return await reader.query(...asked) } })
    const leave = new AbortController()
    const asking = fetch(`${await app.listen({ host: '127.0.0.1', port: 0 })}/api/queries/coins_by_day?${period}`, { signal: leave.signal })
    setTimeout(() => { leave.abort() }, 100)
    await expect(asking).rejects.toThrow()
    await new Promise((resolve) => { setTimeout(resolve, 100) })
    answerNow()
    await expect.poll(() => reader.signals[0]?.aborted).toBe(true)
  })

  test('as CSV: quoted, and no formula', async () => {
    const { headers, body } = await get(dashboard(), `/api/queries/coins_by_day.csv?${period}`)
    expect(headers['content-disposition']).toBe('attachment; filename="coins_by_day_acme_2026-06-01_2026-06-30.csv"')
    expect(body).toBe('\uFEFFday,title\r\n2026-06-01,\'=1+1\r\n2026-06-02,"a ""b"", c"\r\n2026-06-03,\r\n')
  })

  test.each<[string, string, string]>([
    ['coins_by_day', 'from=2026-06-01&to=2026-06-30', 'business: expected one of acme, got none'],
    ['coins_by_day', 'business=other&from=2026-06-01&to=2026-06-30', 'business: expected one of acme, got "other"'],
    ['coins_by_day', 'business=acme&from=2026-02-30&to=2026-06-30', 'from: expected a day such as 2026-06-30, got "2026-02-30"'],
    ['coins_by_day', 'business=acme&from=2026-06-02&to=2026-06-01', 'to: expected 2026-06-02 or later, got "2026-06-01"'],
    ['coins_by_day', 'business=acme&from=1990-01-01&to=2026-06-01', 'from: expected 1830 days at most'],
    ['coins_by_day', `${period}&business=acme`, 'business: '],
    ['coins_by_day', `${period}&limit=1`, 'limit: expected business, from, to only'],
    ['funnel_steps', `${period}&funnel=other`, 'funnel: expected one of purchase, got "other"']
  ])('%s?%s is answered with what was expected and got', async (name, parameters, message) => {
    const reader = memoryReader(answer)
    const { statusCode, json } = await get(dashboard(reader), `/api/queries/${name}?${parameters}`)
    expect(statusCode).toBe(400)
    expect(json<Failure>().error).toMatchObject({ code: 'QUERY_PARAMETERS_INVALID', message: expect.stringContaining(message) as string })
    expect(reader.asked).toEqual([])
  })

  test('one that is not there is 404', async () => {
    expect((await get(dashboard(), '/api/queries/passwords')).statusCode).toBe(404)
  })

  test.each([
    [new AppError(warehouseErrors.WAREHOUSE_UNAVAILABLE, 'ClickHouse at ch:8123 gives no answer'), 503, 'ClickHouse at ch:8123 gives no answer'],
    [new AppError(warehouseErrors.READER_REFUSED, 'set BI_PASSWORD'), 503, 'set BI_PASSWORD'],
    [new AppError(warehouseErrors.QUERY_FAILED, 'ClickHouse could not run it: 47 UNKNOWN_IDENTIFIER'), 500, 'sql/dashboards/coins_by_day.sql: ClickHouse could not run it: 47 UNKNOWN_IDENTIFIER'],
    [new AppError(warehouseErrors.QUERY_LIMIT_EXCEEDED, 'choose a shorter period'), 503, 'sql/dashboards/coins_by_day.sql: choose a shorter period'],
    [new Error('what ClickHouse quotes'), 500, 'expected an answer, got a fault of ours: see the log']
  ])('%s is answered with what to do', async (error, status, message) => {
    const { statusCode, headers, json } = await get(dashboard(memoryReader(error)), `/api/queries/coins_by_day?${period}`)
    expect(statusCode).toBe(status)
    expect(headers['cache-control']).toBe('no-store')
    expect(json<Failure>().error.message).toBe(message)
  })

  test('why there is no warehouse is in the log, once an outage', async () => {
    const lines: string[] = []
    let reader: AnalyticsReader = memoryReader(answer)
    const app = dashboard(() => reader, undefined, pino({}, { write: (line: string) => { lines.push(line) } }))
    for (const isAway of [true, true, false, true]) {
      reader = memoryReader(isAway ? new AppError(warehouseErrors.WAREHOUSE_UNAVAILABLE, 'no answer', { cause: new Error('ECONNREFUSED') }) : answer)
      expect((await get(app, `/api/queries/coins_by_day?${period}`)).statusCode).toBe(isAway ? 503 : 200)
    }
    expect(lines).toHaveLength(2)
    for (const line of lines) expect(line).toMatch(/ECONNREFUSED.*the dashboard has no warehouse/)
  })

  test('before there is a warehouse the answer says so, and the page is there', async () => {
    const app = dashboard(() => { throw new AppError(warehouseErrors.WAREHOUSE_UNAVAILABLE, 'the pipeline is being started') })
    expect((await get(app, '/')).statusCode).toBe(200)
    expect((await get(app, `/api/queries/coins_by_day?${period}`)).statusCode).toBe(503)
  })
})

describe('without a password', () => {
  test.each(['localhost', 'localhost:8081', '127.0.0.1:8081', '[::1]:8081', 'LOCALHOST:1'])('who asks for %s is on this machine', async (host) => {
    expect((await get(dashboard(), '/api/configuration', { host })).statusCode).toBe(200)
  })

  test.each(['evil.example', 'evil.example:8081', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1:8081'])('who asks for %s is not (DNS rebinding)', async (host) => {
    const app = dashboard()
    for (const path of ['/', '/api/configuration', `/api/queries/coins_by_day?${period}`]) {
      const { statusCode, json } = await get(app, path, { host })
      expect(statusCode).toBe(403)
      expect(json<Failure>().error.code).toBe('HOST_NOT_ALLOWED')
    }
    expect((await get(app, '/metrics', { host })).statusCode).toBe(200)
  })
})

describe('with a password', () => {
  const basic = (text: string): Record<string, string> => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })

  test.each(['anybody:pass:wörd', ':pass:wörd'])('%s may in, under any name of the host', async (credentials) => {
    expect((await get(dashboard(undefined, 'pass:wörd'), '/', { host: 'shop.example', ...basic(credentials) })).statusCode).toBe(200)
  })

  test.each<Record<string, string>>([{}, basic('anybody:wrong'), basic('pass:wörd'), basic('anybody:'), { authorization: 'Bearer pass:wörd' }, { authorization: 'Basic' }])('%o may not, and the browser asks', async (headers) => {
    const reader = memoryReader(answer)
    const app = dashboard(reader, 'pass:wörd')
    for (const path of ['/', '/api/configuration', `/api/queries/coins_by_day?${period}`, `/assets/${files.version}/main.js`]) {
      const { statusCode, headers: { 'www-authenticate': challenge } } = await get(app, path, headers)
      expect(statusCode).toBe(401)
      expect(challenge).toContain('Basic realm=')
    }
    expect(reader.asked).toEqual([])
    expect((await get(app, '/metrics', headers)).statusCode).toBe(200)
  })
})
