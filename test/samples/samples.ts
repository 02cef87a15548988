import { readFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import type { RawWebhook } from '../../schemas/raw-webhooks.ts'
import { acmeBusinesses } from '../support/acme.ts'

type Payload = Readonly<Record<string, unknown>>

function read (name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))
}

/** The fields that every Nector webhook carries. */
export const nectorCommon = read('./nector-common.json') as Payload

/** The samples of the vendor's document by topic; `referrernotify_create_coupon` is the one whose reward is a coupon. */
export const nectorSamples = read('./nector-topics.json') as Readonly<Record<string, Payload>>

/** The sample of the vendor's document, with the syntax mended that it is printed with. */
export const netcoreSample = read('./netcore-batch.json') as Readonly<Record<string, readonly Payload[]>>

/** The topic that a sample is sent under. */
export function topicOfSample (name: string): string {
  return name.replace(/_coupon$/, '')
}

export const testBusinesses = acmeBusinesses()

export function nectorRaw (topic: string | null, payload: unknown, changes: Partial<RawWebhook> = {}): RawWebhook {
  return {
    raw_id: randomUUID(),
    vendor: 'nector',
    business: 'acme',
    source: 'acme-nector',
    topic,
    delivery_id: 'delivery-1',
    received_at: Date.UTC(2024, 0, 10, 12),
    remote_address: '203.0.113.7',
    hmac: 'valid',
    headers: { 'content-type': 'application/json', 'x-nector-timestamp': '1704888000' },
    body: Buffer.isBuffer(payload) ? payload : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
    ...changes
  }
}

export function netcoreRaw (batch: unknown, changes: Partial<RawWebhook> = {}): RawWebhook {
  return nectorRaw(null, '', {
    vendor: 'netcore',
    source: 'acme-netcore',
    delivery_id: null,
    hmac: 'off',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(new URLSearchParams({ data: typeof batch === 'string' ? batch : JSON.stringify(batch) }).toString()),
    ...changes
  })
}
