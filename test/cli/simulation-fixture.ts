import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { createShop, type Shop, type ShopOptions } from '../../simulator/shop/create-shop.ts'
import type { SimulatedWebhook } from '../../simulator/webhook.ts'
import { sourceConfigSchema, type SourceConfig } from '../../config/businesses.ts'
import { acme } from '../support/acme.ts'

export const endAt = Date.parse('2026-02-01T00:00:00Z')
export const startAt = endAt - 30 * 24 * 3_600_000
export const secret = 'nector secret'
export const hmacSecret = 'another key'
export const token = 'netcore+token'

/** A business with both vendors; `netcore` overrides settings of its Netcore source. */
export function shopConfig (netcore: Readonly<Record<string, unknown>> = {}): SourceConfig {
  return sourceConfigSchema.parse({
    businesses: [
      { id: 'half', currency: 'INR', coinValue: '1', timezone: 'Asia/Kolkata', nector: [{ id: 'half-nector', secrets: ['not-used'] }] },
      acme({ nector: { secrets: [secret], hmac: { mode: 'enforce', secrets: [hmacSecret] } }, netcore: { tokens: [token], ...netcore } })
    ]
  })
}

export function testShop (options: Partial<ShopOptions> = {}): Shop {
  return createShop({ config: shopConfig(), seed: 1, startAt, endAt, events: 10_000, ...options })
}

/** The event of a Nector webhook. */
export interface NectorEvent {
  readonly topic: string
  readonly payload: Readonly<Record<string, unknown>>
}

/** Every Nector event once, in the order it was sent. */
export function nectorEvents (webhooks: Iterable<SimulatedWebhook>): readonly NectorEvent[] {
  return [...webhooks].filter(({ vendor, repeat }) => vendor === 'nector' && !repeat)
    .map(({ topic, body }) => ({ topic: String(topic), payload: JSON.parse(body) as NectorEvent['payload'] }))
}

export interface Received {
  readonly request: IncomingMessage
  readonly body: string
  /** Of the sender: one a connection. */
  readonly port: number | undefined
}

/** An HTTP server that lives as long as the test; `answer` is called once a request has arrived whole. */
export async function testTarget (answer: (received: Received, response: ServerResponse) => void): Promise<{ url: string, received: Received[] }> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const port = request.socket.remotePort
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => { chunks.push(chunk) })
    request.on('end', () => {
      const arrived = { request, body: Buffer.concat(chunks).toString('utf8'), port }
      received.push(arrived)
      answer(arrived, response)
    })
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}

export function accept (_received: Received, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"accepted"}')
}
