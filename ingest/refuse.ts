import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { errorReply, toAppError } from './error-reply.ts'
import type { IngestMetrics } from './ingest-metrics.ts'
import type { RefusalLog } from './refusal-log.ts'

/** How long the rest of a refused body is still taken off the wire. */
const lingerMs = 1_000

/** Answers every error of every route. */
export function refuser (metrics: IngestMetrics, refusals: RefusalLog, isClosing: () => boolean) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const refusal = toAppError(error, request)
    const source = request.delivery?.source
    metrics.refused(source?.vendor ?? 'none', refusal.code)
    refusals.note(source?.id ?? 'none', refusal)

    const { status, retryAfter, body } = errorReply(refusal)
    reply.code(status).header('content-type', 'application/json; charset=utf-8')
    if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
    if (status === 401 && source?.vendor === 'netcore') reply.header('www-authenticate', 'Basic realm="webhooks"')
    if (isClosing()) reply.header('connection', 'close')
    else discardRest(request.raw, reply)
    reply.send(body)
  }
}

/**
 * Lets a sender finish that reads only after it has sent: to close with bytes unread would reset the connection,
 * and the answer would be lost with it. Nothing is kept of what comes, and who goes on sending is cut off.
 */
function discardRest (request: IncomingMessage, reply: FastifyReply): void {
  reply.removeHeader('connection')
  if (request.complete) return
  request.resume()
  setTimeout(() => {
    if (!request.complete) request.destroy()
  }, lingerMs).unref()
}
