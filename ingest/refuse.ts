import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { errorReply, toAppError } from './error-reply.ts'
import type { IngestMetrics } from './ingest-metrics.ts'
import type { RefusalLog } from './refusal-log.ts'

/** How long the rest of a refused body is drained. */
const lingerMs = 1_000

/** Answers every error of every route. */
export function refuser (metrics: IngestMetrics, refusals: RefusalLog) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const refusal = toAppError(error, request)
    const source = request.delivery?.source
    metrics.refused(source?.vendor ?? 'none', refusal.code)
    refusals.note(source?.id ?? 'none', refusal)

    const { status, retryAfter, body } = errorReply(refusal)
    // a refused sender keeps no connection: a vendor opens another for its next webhook
    reply.code(status).header('connection', 'close').header('content-type', 'application/json; charset=utf-8')
    if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
    if (status === 401 && source?.vendor === 'netcore') reply.header('www-authenticate', 'Basic realm="webhooks"')
    if (isStillComing(request.raw)) answerThenDiscard(request, reply, body)
    else reply.send(body)
  }
}

/**
 * Answers while the body is still arriving, and drains it before ending the response: closing a connection with unread bytes
 * resets it, and with it the response to a sender that reads only after sending. Nothing of the body is kept,
 * and a sender that continues is cut off.
 */
function answerThenDiscard (request: FastifyRequest, reply: FastifyReply, body: string): void {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(reply.statusCode, { ...reply.getHeaders(), 'content-length': Buffer.byteLength(body) } as OutgoingHttpHeaders)
  raw.write(body)
  const cut = setTimeout(() => { request.raw.destroy() }, lingerMs)
  const end = (): void => {
    clearTimeout(cut)
    raw.end()
  }
  request.raw.once('end', end).once('close', end).resume()
}

/** False for `inject`: it has no connection to lose. */
function isStillComing (request: IncomingMessage): boolean {
  return request.complete === false && !request.destroyed
}
