import { fastify, type FastifyInstance, type InjectOptions, type LightMyRequestResponse } from 'fastify'
import type { AddressInfo } from 'node:net'
import type { LogWriter } from '../log/log-writer.ts'
import type { Config } from '../config/config.ts'
import { AppError } from '../runtime/errors.ts'
import type { Logger } from '../runtime/logger.ts'
import { createBodyBudget } from './body-budget.ts'
import { answerClientError } from './client-error.ts'
import { shareConnections } from './connections.ts'
import type { IngestMetrics } from './ingest-metrics.ts'
import { nectorSource } from './nector-source.ts'
import { netcoreSource } from './netcore-source.ts'
import { probeRoutes } from './probes.ts'
import { refuser } from './refuse.ts'
import { createRefusalLog } from './refusal-log.ts'
import { remoteAddressReader } from './remote-address.ts'
import type { Source, Sources } from './source.ts'
import { unknownRoutes } from './unknown-routes.ts'
import { webhookRoutes } from './webhook-routes.ts'
import { runtimeErrors } from '../runtime/runtime-errors.ts'

export interface IngestOptions {
  readonly config: Config
  readonly log: LogWriter
  readonly logger: Logger
  readonly metrics: IngestMetrics
  /** Epoch milliseconds: the clock of received_at. */
  readonly now?: () => number
}

export interface Ingest {
  /** Listens on HTTP_HOST and HTTP_PORT and resolves to the address taken. Throws PORT_IN_USE. */
  listen (): Promise<AddressInfo>
  /**
   * Refuses new requests at once with SHUTTING_DOWN and resolves when the running ones have been answered;
   * connections that remain after the deadline are cut. The log must stay open until then.
   */
  close (deadlineMs?: number): Promise<void>
  /** Sends a request without a socket. */
  inject (request: InjectOptions): Promise<LightMyRequestResponse>
}

/** The webhooks' HTTP server: verifies, appends the raw record, answers when it is durable. */
export function createIngest (options: IngestOptions): Ingest {
  const { config, log, logger, metrics, now = Date.now } = options
  const { settings } = config
  let closing = false
  const isClosing = (): boolean => closing
  const refusals = createRefusalLog(logger)
  const refuse = refuser(metrics, refusals)

  const app = createApp(config, refuse)
  const connections = shareConnections(app.server, {
    most: settings.MAX_CONNECTIONS,
    mostPerAddress: config.trustedProxies.length === 0 ? settings.MAX_CONNECTIONS_PER_ADDRESS : undefined
  }, metrics)
  const bodies = createBodyBudget(settings.IN_FLIGHT_BODY_BYTES)
  const shared = { log, metrics, connections, bodies, readAddress: remoteAddressReader(config.trustedProxies), appendDeadlineMs: 2 * settings.REQUEST_TIMEOUT_MS, isClosing, now }
  const nector: Sources = byId(config.businesses.flatMap((business) => business.nector.map((source) => nectorSource(business, source))))
  const netcore: Sources = byId(config.businesses.flatMap((business) => business.netcore.map((source) => netcoreSource(business, source))))
  app.register((instance, _options, done) => {
    webhookRoutes(instance, { ...shared, vendor: 'nector', sources: nector, contentTypes: ['application/json'], bodyLimit: settings.NECTOR_BODY_LIMIT_BYTES })
    done()
  })
  app.register((instance, _options, done) => {
    webhookRoutes(instance, {
      ...shared,
      vendor: 'netcore',
      sources: netcore,
      contentTypes: ['application/x-www-form-urlencoded', 'application/json'],
      bodyLimit: settings.NETCORE_BODY_LIMIT_BYTES
    })
    done()
  })
  probeRoutes(app, log, isClosing)
  unknownRoutes(app)

  return {
    inject: async (request) => await app.inject(request),

    async listen () {
      try {
        await app.listen({ host: settings.HTTP_HOST, port: settings.HTTP_PORT })
      } catch (cause) {
        if (!(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')) throw cause
        throw new AppError(runtimeErrors.PORT_IN_USE, `expected HTTP_PORT ${settings.HTTP_PORT} to be free on ${settings.HTTP_HOST}, got it taken by another process`, { cause })
      }
      return app.server.address() as AddressInfo
    },

    async close (deadlineMs = 10_000) {
      closing = true
      const deadline = setTimeout(() => { app.server.closeAllConnections() }, deadlineMs)
      try {
        await app.close()
      } finally {
        clearTimeout(deadline)
        refusals.close()
      }
    }
  }
}

/** Keep-alive timeout. A proxy pools connections, and might send into one that is just being closed. */
const keepAliveMs = { vendors: 5_000, proxies: 75_000 } as const

function createApp (config: Config, refuse: ReturnType<typeof refuser>): FastifyInstance {
  const { REQUEST_TIMEOUT_MS } = config.settings
  const app = fastify({
    logger: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: refuse,
    return503OnClosing: false,
    // A source id has at most 64 characters; an address pasted with a slash at its end is the same
    routerOptions: { maxParamLength: 64, ignoreTrailingSlash: true },
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: config.trustedProxies.length === 0 ? keepAliveMs.vendors : keepAliveMs.proxies,
    // Longer than requestTimeout, so that a slow sender gets 408, and than the wait for the log, so that it gets 503
    connectionTimeout: 3 * REQUEST_TIMEOUT_MS,
    http: {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
      // how often Node checks timeouts; default 30 s
      connectionsCheckingInterval: Math.min(1_000, REQUEST_TIMEOUT_MS),
      // Otherwise Node answers a request without Host itself, and not in JSON
      requireHostHeader: false
    }
  })
  app.decorateRequest('delivery', null)
  app.setErrorHandler(refuse)
  return app
}

function byId (sources: readonly Source[]): Sources {
  return new Map(sources.map((source) => [source.id, source]))
}
