import type { FastifyInstance, FastifyReply } from 'fastify'
import { AppError, isError } from '../../runtime/errors.ts'
import type { Logger } from '../../runtime/logger.ts'
import type { BusinessConfig } from '../../config/businesses.ts'
import type { AnalyticsAnswer, AnalyticsReader } from '../../warehouse/analytics-reader.ts'
import { toCsv } from './csv.ts'
import type { DashboardQuery } from './dashboard-queries.ts'
import { guard } from './guard.ts'
import type { PageFiles } from './page-files.ts'
import type { Configuration, Failure } from '../page/answers.ts'
import { checkParameters } from './query-parameters.ts'
import { dashboardErrors } from './dashboard-errors.ts'
import { runtimeErrors } from '../../runtime/runtime-errors.ts'
import { warehouseErrors } from '../../warehouse/warehouse-errors.ts'

export interface DashboardOptions {
  readonly queries: readonly DashboardQuery[]
  readonly businesses: readonly BusinessConfig[]
  readonly files: PageFiles
  readonly password: string | undefined
  /** Called per request, because the page exists before the warehouse. Throws an AppError that says why there is none. */
  readonly reader: () => AnalyticsReader
  readonly logger: Logger
}

/** Nothing from other hosts, nothing inline, no framing. */
const headers = {
  'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin'
} as const

/** The page, its files, and its queries as JSON and CSV; all behind the guard. */
export function dashboardRoutes (options: DashboardOptions): (scope: FastifyInstance) => void {
  const { queries, businesses, files, password, logger } = options
  const configuration = describe(queries, businesses)
  let isWarehouseAway = false

  async function ask (name: string, given: unknown, signal: AbortSignal): Promise<AnalyticsAnswer> {
    const query = queries.find((one) => one.name === name)
    if (query === undefined) throw new AppError(dashboardErrors.QUERY_UNKNOWN, `expected the name of a file of sql/dashboards, got ${name}`)
    const parameters = checkParameters(query, businesses, given)
    try {
      const answer = await options.reader().query(query.sql, parameters, signal)
      isWarehouseAway = false
      return answer
    } catch (err) {
      if (signal.aborted) throw err
      if (isError(err, warehouseErrors.WAREHOUSE_UNAVAILABLE)) {
        // once per outage, because the page polls
        if (!isWarehouseAway) logger.warn({ err }, 'the dashboard has no warehouse')
        isWarehouseAway = true
      }
      const failed = isError(err, warehouseErrors.QUERY_FAILED, warehouseErrors.QUERY_LIMIT_EXCEEDED)
      if (failed || !(err instanceof AppError)) logger.warn({ err, query: name }, 'dashboard query failed')
      if (failed) throw new AppError(err.kind, `sql/dashboards/${name}.sql: ${err.message}`, { cause: err })
      throw err
    }
  }

  return (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      reply.headers(headers)
      guard(password, request.headers)
    })
    scope.setErrorHandler((error, _request, reply) => { answerFailure(error, reply, logger) })

    scope.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(files.html))
    scope.get<{ Params: { version: string, name: string } }>('/assets/:version/:name', ({ params: { version, name } }, reply) => {
      const file = files.assets.get(name)
      if (file === undefined || version !== files.version) throw new AppError(runtimeErrors.ROUTE_UNKNOWN, 'expected a file of this version of the page: load the page again')
      return reply.type(file.type).header('cache-control', 'private, max-age=31536000, immutable').send(file.content)
    })
    scope.get('/api/configuration', (_request, reply) => reply.header('cache-control', 'no-store').send(configuration))
    scope.get<{ Params: { name: string } }>('/api/queries/:name', async ({ params: { name }, query }, reply) => {
      reply.header('cache-control', 'no-store')
      const gone = goneSignal(reply)
      if (!name.endsWith('.csv')) return await ask(name, query, gone)
      const csv = toCsv(await ask(name.slice(0, -4), query, gone))
      return await reply.type('text/csv; charset=utf-8; header=present').header('content-disposition', `attachment; filename="${csvName(name, query)}"`).send(csv)
    })
  }
}

/** Business and period in the file name, so that downloads can be told apart. Parameters are validated by then. */
function csvName (name: string, asked: unknown): string {
  const { business, funnel, from, to } = asked as Readonly<Record<string, string | undefined>>
  return `${[name.slice(0, -4), business, funnel, from, to].filter((part) => part !== undefined).join('_')}.csv`
}

/** Aborts when the client disconnects, so that ClickHouse stops the query. */
function goneSignal (reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => { gone.abort() })
  return gone.signal
}

function describe (queries: readonly DashboardQuery[], businesses: readonly BusinessConfig[]): Configuration {
  return {
    businesses: businesses.map(({ id, currency, timezone, funnels, nector, netcore }) => ({
      id,
      currency,
      timezone,
      funnels: funnels.map(({ name }) => name),
      webhooks: [...nector.map((source) => `/webhooks/nector/${source.id}`), ...netcore.map((source) => `/webhooks/netcore/${source.id}`)]
    })),
    queries: queries.map(({ name, title, tab, chart, x, y, units, note, hiddenWhenEmpty, parameters, figures }) => ({ name, title, tab, chart, x: x ?? null, y, units, note: note ?? null, hiddenWhenEmpty, parameters, figures }))
  }
}

function answerFailure (error: unknown, reply: FastifyReply, logger: Logger): void {
  const known = error instanceof AppError ? error : undefined
  if (known === undefined) logger.error({ err: error }, 'the dashboard could not answer')
  const { code, status = 500 } = known?.kind ?? runtimeErrors.INTERNAL
  const failure: Failure = { error: { code, message: known?.message ?? 'expected an answer, got a fault of ours: see the log' } }
  if (code === runtimeErrors.NOT_AUTHENTIC.code) reply.header('www-authenticate', 'Basic realm="loyalty-warehouse", charset="UTF-8"')
  void reply.code(status).header('cache-control', 'no-store').send(failure)
}
