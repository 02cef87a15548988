import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../runtime/errors.ts'

const known = [
  { path: /^\/webhooks\/(?:nector|netcore)\/[^/?#]+(?:[?#]|$)/, allow: 'POST, HEAD' },
  { path: /^\/(?:livez|readyz)(?:[?#]|$)/, allow: 'GET, HEAD' }
] as const

/** 405 for another method of a route, 404 for anything else; both before a body is read. */
export function unknownRoutes (app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.route({ method: app.supportedMethods, url: '*', onRequest: refuse, handler: refuse })
  // Methods that fastify has no route for
  app.setNotFoundHandler(refuse)
}

function refuse (request: FastifyRequest, reply: FastifyReply): void {
  const route = known.find(({ path }) => path.test(request.url))
  if (route === undefined) throw new AppError('ROUTE_UNKNOWN', 'expected the URL of a route, got another')
  reply.header('allow', route.allow)
  throw new AppError('METHOD_NOT_ALLOWED', `expected ${route.allow}, got another method`)
}
