import type { FastifyRequest } from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'
import type { RawWebhook } from '../schemas/raw-webhooks.ts'
import type { Vendor } from '../schemas/vendors.ts'

/** A configured webhook source. Its functions are called in the order in which they stand here. */
export interface Source {
  readonly vendor: Vendor
  readonly business: string
  readonly id: string
  readonly admits: (address: string) => boolean
  /** Before the body is read, so that strangers cannot make us buffer one. Throws NOT_AUTHENTIC. */
  readonly authenticate: (request: FastifyRequest) => void
  /** Verifies the signature over the bytes as received. Throws NOT_AUTHENTIC if enforced. */
  readonly verify: (headers: IncomingHttpHeaders, body: Buffer) => RawWebhook['hmac']
  /** Throws BODY_MALFORMED for a body that cannot be parsed, and for headers that contradict each other. The parse result is discarded: the bytes are kept. */
  readonly checkWebhook: (request: FastifyRequest, body: Buffer) => void
  readonly topic: (headers: IncomingHttpHeaders) => string | null
  readonly deliveryId: (headers: IncomingHttpHeaders) => string | null
}

/** By the id in the URL. */
export type Sources = ReadonlyMap<string, Source>
