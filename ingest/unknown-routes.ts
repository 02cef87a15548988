import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../runtime/errors.ts'
import { ingestErrors } from './ingest-errors.ts'
import { runtimeErrors } from '../runtime/runtime-errors.ts'

const known = [
  { path: /^\/webhooks\/(?:nector|netcore)\/[^/?#]+\/?(?:[?#]|$)/, methods: ['POST', 'HEAD'] },
  { path: /^\/(?:livez|readyz)\/?(?:[?#]|$)/, methods: ['GET', 'HEAD'] }
]

/** 405 for another method of a route, 404 for anything else; both before a body is read. */
export function unknownRoutes (app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.route({ method: app.supportedMethods, url: '*', onRequest: refuse, handler: refuse })
  // Methods without a fastify route
  app.setNotFoundHandler(refuse)
}

function refuse (request: FastifyRequest, reply: FastifyReply): void {
  const route = known.find(({ path }) => path.test(request.url))
  // The right method gets here if the source id exceeds fastify's maximum length.
  if (route === undefined || route.methods.includes(request.method)) throw new AppError(runtimeErrors.ROUTE_UNKNOWN, 'expected the URL of a route, got another')
  const allow = route.methods.join(', ')
  reply.header('allow', allow)
  throw new AppError(ingestErrors.METHOD_NOT_ALLOWED, `expected ${allow}, got another method`)
}
