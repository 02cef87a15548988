import { fastify, type FastifyInstance } from 'fastify'
import type { AddressInfo } from 'node:net'
import type { Registry } from 'prom-client'
import { AppError } from '../runtime/errors.ts'
import { localUrl } from '../runtime/local-url.ts'
import { runtimeErrors } from '../runtime/runtime-errors.ts'

export interface AdminServerOptions {
  readonly host: string
  readonly port: number
  readonly registry: Registry
  /** Resolves while this process can do its work; a rejection is answered 503, without its message. */
  readonly ready: () => Promise<void>
  /** Adds routes in a scope of their own: its hooks do not touch `/metrics` and `/livez`. */
  readonly extension?: ((scope: FastifyInstance) => void) | undefined
}

/** Slow and idle connections must not exhaust what ingest in the same process needs. */
const limits = { requestTimeout: 30_000, connectionTimeout: 120_000 } as const
const maxConnections = 200

export interface AdminServer {
  readonly url: string
  close (): Promise<void>
}

/** The admin port: `/metrics` for Prometheus, `/livez` and `/readyz`, all without a password, and the extension's routes. Throws PORT_IN_USE. */
export async function startAdminServer ({ host, port, registry, ready, extension }: AdminServerOptions): Promise<AdminServer> {
  const app = fastify({ logger: false, forceCloseConnections: true, ...limits })
  app.server.maxConnections = maxConnections
  app.get('/metrics', async (_request, reply) => {
    reply.header('content-type', registry.contentType)
    return await registry.metrics()
  })
  app.get('/livez', () => ({ status: 'alive' }))
  app.get('/readyz', async (_request, reply) => {
    try {
      await ready()
      return { status: 'ready' }
    } catch (error) {
      reply.code(503)
      return { status: 'not ready', code: error instanceof AppError ? error.code : 'INTERNAL' }
    }
  })
  if (extension !== undefined) app.register(async (scope) => { extension(scope) })
  try {
    await app.listen({ host, port })
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')) throw cause
    throw new AppError(runtimeErrors.PORT_IN_USE, `expected ADMIN_PORT ${port} to be free on ${host}, got it taken by another process`, { cause })
  }
  const { address, port: taken } = app.server.address() as AddressInfo
  return {
    url: localUrl(address, taken),
    close: async () => { await app.close() }
  }
}
