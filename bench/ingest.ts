import autocannon from 'autocannon'
import { spawn } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Engine } from './engine.ts'
import { median, type Figure } from './figure.ts'
import { secret, shopRawRecords } from './sample-data.ts'

const rounds = 3
const seconds = 6
const program = fileURLToPath(new URL('ingest-server.js', import.meta.url))

/** Webhooks a second over 64 connections, answered once durable, against a bare fastify that reads the same body; in turns. */
export async function benchIngest (engine: Engine): Promise<Figure[]> {
  const body = shopRawRecords(500).find(({ topic }) => topic === 'order_create')?.body ?? Buffer.alloc(0)
  const measured = { bare: [] as number[], durable: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    for (const kind of ['bare', 'durable'] as const) measured[kind].push(await requestsPerSecond(kind, body, engine))
  }
  const bare = median(measured.bare)
  const durable = median(measured.durable)
  return [
    { bench: 'ingest', what: `bare fastify, ${body.length} bytes`, value: bare, unit: 'webhooks/s' },
    { bench: 'ingest', what: `durable on ${engine.name === 'kafka' ? 'Kafka' : 'LMDB'}, verified (secret and HMAC)`, value: durable, unit: 'webhooks/s', ratio: durable / bare, aim: '≥ 0.6 of bare' }
  ]
}

async function requestsPerSecond (kind: 'bare' | 'durable', body: Buffer, engine: Engine): Promise<number> {
  const server = spawn(process.execPath, [program, kind, tmpdir()], { stdio: ['pipe', 'pipe', 'inherit'], env: { PATH: process.env['PATH'], ...engine.emptyLog() } })
  const [line] = await once(server.stdout, 'data') as [Buffer]
  const port = /port (\d+)/.exec(line.toString())?.[1]
  const options = {
    url: `http://127.0.0.1:${port}/webhooks/nector/bench-nector`,
    connections: 64,
    method: 'POST' as const,
    body,
    headers: {
      'content-type': 'application/json',
      'x-nector-webhook-secret': createHash('sha256').update(secret).digest('hex'),
      'x-nector-webhook-hmac': createHmac('sha256', secret).update(body).digest('hex'),
      'x-nector-webhook-hmac-algo': 'sha256',
      'x-nector-timestamp': '1704888000',
      'x-nector-delivery-id': 'bench',
      'x-nector-topic': 'order_create'
    }
  }
  await autocannon({ ...options, duration: 2 })
  const result = await autocannon({ ...options, duration: seconds })
  server.stdin.end()
  await once(server, 'exit')
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`expected only 200, got ${result.non2xx} others and ${result.errors} errors`)
  return result.requests.average
}
