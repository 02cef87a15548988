import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { SimulatedWebhook } from '../webhook.ts'

/** What was answered; the body as far as it is of use in a message. */
export interface Answer {
  readonly status: number
  readonly retryAfterMs: number | undefined
  readonly body: string
}

export interface Poster {
  /** Rejects where there is no answer: no connection, one that broke, or none in time. */
  post (webhook: SimulatedWebhook): Promise<Answer>
  /** Cuts off what is under way. */
  close (): void
}

const answerTimeoutMs = 30_000
const keptBody = 500

/** Posts over connections that are kept: node:http, as the global fetch manages a third of its requests. */
export function createPoster (url: string, connections: number): Poster {
  const target = new URL(url)
  const isHttps = target.protocol === 'https:'
  const agentOptions = { keepAlive: true, maxSockets: connections }
  const agent = isHttps ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions)
  const request = isHttps ? httpsRequest : httpRequest
  const { hostname, port } = target
  const prefix = target.pathname.replace(/\/+$/, '')

  return {
    post: ({ path, headers, body }) => new Promise((resolve, reject) => {
      const outgoing = request({
        agent,
        hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
        port,
        method: 'POST',
        path: `${prefix}${path}`,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        timeout: answerTimeoutMs
      }, (incoming) => { readAnswer(incoming).then(resolve, reject) })
      outgoing.on('timeout', () => { outgoing.destroy(new Error(`expected an answer within ${answerTimeoutMs / 1000} s, got none`)) })
      outgoing.on('error', reject)
      outgoing.end(body)
    }),
    close () { agent.destroy() }
  }
}

/** Reads to the end, as only then the connection can be used again. */
async function readAnswer (incoming: IncomingMessage): Promise<Answer> {
  let body = ''
  incoming.setEncoding('utf8')
  for await (const chunk of incoming as AsyncIterable<string>) if (body.length < keptBody) body += chunk.slice(0, keptBody - body.length)
  const retryAfter = Number(incoming.headers['retry-after'] ?? NaN)
  return { status: incoming.statusCode ?? 0, retryAfterMs: Number.isFinite(retryAfter) ? Math.max(0, retryAfter * 1000) : undefined, body }
}
