import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { LogWriter } from '../log/log-writer.ts'
import { AppError } from '../runtime/errors.ts'
import { rawTopic } from '../schemas/topics.ts'
import type { Vendor } from '../schemas/vendors.ts'
import { answerInTime } from './answer-in-time.ts'
import type { BodyBudget } from './body-budget.ts'
import type { Connections } from './connections.ts'
import './delivery.ts'
import { headersToKeep } from './header-text.ts'
import type { IngestMetrics } from './ingest-metrics.ts'
import { malformedBody } from './malformed-body.ts'
import type { remoteAddressReader } from './remote-address.ts'
import type { Sources } from './source.ts'
import { codecs } from '../schemas/codecs.ts'
import { ingestErrors } from './ingest-errors.ts'
import { runtimeErrors } from '../runtime/runtime-errors.ts'

const accepted = JSON.stringify({ status: 'accepted' })

export interface WebhookRoutes {
  readonly vendor: Vendor
  readonly sources: Sources
  readonly contentTypes: readonly string[]
  readonly bodyLimit: number
  readonly log: LogWriter
  readonly metrics: IngestMetrics
  readonly connections: Connections
  readonly bodies: BodyBudget
  readonly readAddress: ReturnType<typeof remoteAddressReader>
  /** Longest wait for the log, in milliseconds: the sender gets 503 before its connection times out. */
  readonly appendDeadlineMs: number
  readonly isClosing: () => boolean
  readonly now: () => number
}

/** POST and HEAD of one vendor's webhooks. Checks run in this order so that costly work is done only for authenticated senders. */
export function webhookRoutes (app: FastifyInstance, routes: WebhookRoutes): void {
  const { vendor, sources, log, metrics, isClosing, now } = routes
  const url = `/webhooks/${vendor}/:source`

  app.removeAllContentTypeParsers()
  app.addContentTypeParser([...routes.contentTypes], { parseAs: 'buffer' }, (_request, body, done) => { done(null, body) })

  // The vendors' probe. It needs no credentials, so it must not reveal which sources exist.
  app.head(url, (_request, reply) => {
    requireOpen()
    reply.send()
  })

  app.post(url, { bodyLimit: routes.bodyLimit, onRequest: (request, reply, done) => { admit(request, reply); done() } }, take)

  function findSource (request: FastifyRequest) {
    requireOpen()
    const source = sources.get((request.params as { readonly source: string }).source)
    if (source === undefined) throw new AppError(ingestErrors.SOURCE_UNKNOWN, `expected the id of a configured ${vendor} source, got another`)
    return source
  }

  function requireOpen (): void {
    if (isClosing()) throw new AppError(runtimeErrors.SHUTTING_DOWN, 'no webhooks are taken any more')
  }

  /** All checks on headers, before the body is read. */
  function admit (request: FastifyRequest, reply: FastifyReply): void {
    const source = findSource(request)
    const remoteAddress = routes.readAddress(request.raw)
    request.delivery = { source, remoteAddress, startedAt: performance.now() }
    if (!source.admits(remoteAddress)) throw new AppError(ingestErrors.ADDRESS_NOT_ALLOWED, 'expected an address of the allow-list, got another')
    source.authenticate(request)
    routes.connections.admitted(reply.raw)
    const encoding = request.headers['content-encoding']
    if (encoding !== undefined && encoding.toLowerCase() !== 'identity') throw new AppError(ingestErrors.CONTENT_TYPE_UNSUPPORTED, 'expected a body without content-encoding, got one with it')
    if (request.headers['content-type'] === undefined) throw new AppError(ingestErrors.CONTENT_TYPE_UNSUPPORTED, `expected a content-type of ${routes.contentTypes.join(' or ')}, got none`)
    routes.bodies.reserve(Math.min(routes.bodyLimit, Number(request.headers['content-length'] ?? routes.bodyLimit)), reply.raw)
  }

  /** Answers 200 only when the record is durable, and 400 only when the bytes of a malformed body are. */
  async function take (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { delivery, body, headers } = request
    if (delivery === null || !Buffer.isBuffer(body)) throw new AppError(runtimeErrors.INTERNAL, 'expected an admitted request with its body as bytes, got another')
    const { source, remoteAddress, startedAt } = delivery
    const hmac = source.verify(headers, body)
    const timestamp = now()
    const webhook = {
      vendor,
      business: source.business,
      source: source.id,
      topic: source.topic(headers),
      delivery_id: source.deliveryId(headers),
      received_at: timestamp,
      remote_address: remoteAddress,
      hmac,
      headers: headersToKeep(headers),
      body
    }
    try {
      source.checkWebhook(request, body)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      await answerInTime(log.append([malformedBody(webhook, error)]), routes.appendDeadlineMs)
      metrics.buried(error.code)
      throw error
    }

    const key = randomUUID()
    const value = codecs.raw_webhooks.encode({ raw_id: key, ...webhook })
    await answerInTime(log.append([{ topic: rawTopic[vendor], key, value, timestamp }]), routes.appendDeadlineMs)

    metrics.accepted(source, body.length, hmac, (performance.now() - startedAt) / 1000)
    reply.header('content-type', 'application/json; charset=utf-8')
    if (isClosing()) reply.header('connection', 'close')
    return reply.send(accepted)
  }
}
