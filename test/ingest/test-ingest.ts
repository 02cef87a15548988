import { createHash, createHmac } from 'node:crypto'
import { Registry } from 'prom-client'
import { onTestFinished } from 'vitest'
import { createIngest, type Ingest } from '../../ingest/create-ingest.ts'
import { createIngestMetrics } from '../../ingest/ingest-metrics.ts'
import type { Config } from '../../config/config.ts'
import { createLogger } from '../../runtime/logger.ts'
import { settingsSchema } from '../../config/settings.ts'
import { acmeBusinesses } from '../support/acme.ts'
import { createMemoryWriter, type MemoryWriter } from '../support/memory-log.ts'

export const secret = 'nector secret'
export const oldSecret = 'the secret before'
export const hmacSecret = 'another key'
export const token = 'netcore-token'
export const oldToken = 'token+before'
export const receivedAt = 1_700_000_000_123

const nector = [
  { id: 'shop', secrets: [secret, oldSecret], hmac: { mode: 'log' } },
  { id: 'unsigned', secrets: [secret], hmac: { mode: 'off' } },
  { id: 'signed', secrets: [secret, oldSecret], hmac: { mode: 'enforce' } },
  { id: 'signed-apart', secrets: [secret], hmac: { mode: 'enforce', secrets: [hmacSecret] } },
  { id: 'signed-only', hmac: { mode: 'enforce', secrets: [hmacSecret] }, insecure: true },
  { id: 'listed', secrets: [secret], allowIps: ['203.0.113.0/24', '2001:db8::/32'] },
  { id: 'listed-only', allowIps: ['203.0.113.7'] },
  { id: 'local', allowIps: ['127.0.0.1'] },
  { id: 'open', insecure: true }
]
const netcoreShape = { timezone: 'Asia/Kolkata', identity: 'email' }
const netcore = [
  { ...netcoreShape, id: 'panel', tokens: [token, oldToken] },
  { ...netcoreShape, id: 'listed', tokens: [token], allowIps: ['203.0.113.0/24'] },
  { ...netcoreShape, id: 'open', insecure: true }
]

export function testConfig (settings: Record<string, unknown> = {}): Config {
  const businesses = acmeBusinesses({ business: { nector, netcore, funnels: [] } })
  const parsed = settingsSchema.parse({ HTTP_HOST: '127.0.0.1', HTTP_PORT: 0, ...settings })
  return { settings: parsed, trustedProxies: parsed.TRUSTED_PROXIES.split(',').filter((range) => range !== ''), businesses }
}

export interface TestIngest {
  readonly ingest: Ingest
  readonly log: MemoryWriter
  readonly registry: Registry
}

/** An ingest on a log in memory, closed when the test ends. */
export function testIngest (settings: Record<string, unknown> = {}): TestIngest {
  const log = createMemoryWriter()
  const registry = new Registry()
  const ingest = createIngest({
    config: testConfig(settings), log, logger: createLogger('silent'), metrics: createIngestMetrics(registry), now: () => receivedAt
  })
  onTestFinished(async () => {
    log.release()
    await ingest.close(100)
  })
  return { ingest, log, registry }
}

export function sha256 (text: string, encoding: 'hex' | 'base64' | 'base64url' = 'hex'): string {
  return createHash('sha256').update(text).digest(encoding)
}

export function hmac (body: string | Buffer, key = secret, encoding: 'hex' | 'base64' | 'base64url' = 'hex'): string {
  return createHmac('sha256', key).update(body).digest(encoding)
}

/** Headers of an authentic Nector webhook. */
export const nectorHeaders = {
  'content-type': 'application/json',
  'x-nector-webhook-secret': sha256(secret),
  'x-nector-topic': 'lead_create',
  'x-nector-delivery-id': 'delivery-1'
} as const

export const formHeaders = { 'content-type': 'application/x-www-form-urlencoded', authorization: `Bearer ${token}` } as const
