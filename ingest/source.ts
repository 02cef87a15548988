import type { FastifyRequest } from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'
import type { RawWebhook } from '../schemas/raw-webhooks.ts'
import type { Vendor } from '../schemas/vendors.ts'

/** A configured webhook source, ready to judge what is sent to it. The functions are called in the order in which they stand here. */
export interface Source {
  readonly vendor: Vendor
  readonly business: string
  readonly id: string
  readonly admits: (address: string) => boolean
  /** Before the body is read, so that a stranger cannot make us hold one. Throws NOT_AUTHENTIC. */
  readonly authenticate: (request: FastifyRequest) => void
  /** Judges the signature, over the bytes as they came. Throws NOT_AUTHENTIC where the signature is enforced. */
  readonly verify: (headers: IncomingHttpHeaders, body: Buffer) => RawWebhook['hmac']
  /** Throws BODY_MALFORMED for what no reader could make anything of. What is parsed is thrown away: the bytes are what is kept. */
  readonly checkBody: (headers: IncomingHttpHeaders, body: Buffer) => void
  readonly topic: (headers: IncomingHttpHeaders) => string | null
  readonly deliveryId: (headers: IncomingHttpHeaders) => string | null
}

/** By the id in the URL. */
export type Sources = ReadonlyMap<string, Source>
