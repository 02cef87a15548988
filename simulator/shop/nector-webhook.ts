import { createHmac, hash } from 'node:crypto'
import type { NectorSourceConfig } from '../../config/businesses.ts'
import { second } from '../durations.ts'
import type { Payload, SimulatedWebhook } from '../webhook.ts'

export interface NectorDelivery {
  readonly topic: string
  readonly deliveryId: string
  readonly sendAt: number
  readonly repeat: boolean
}

/** Signs and wraps payloads as Nector does: the first secret of the source is the one in use. */
export function nectorWrapper (source: NectorSourceConfig) {
  const [secret] = source.secrets
  const [key] = source.hmac.secrets ?? source.secrets
  const path = `/webhooks/nector/${source.id}`
  const secretHeaders = secret === undefined ? {} : { 'x-nector-webhook-secret-algo': 'sha256', 'x-nector-webhook-secret': hash('sha256', secret) }

  return {
    /** One flat object of parts that have no key in common. Joined as text, as an object of so many keys is slow to make. */
    encode: (...parts: readonly Payload[]): string => `{${parts.map((part) => JSON.stringify(part).slice(1, -1)).join(',')}}`,

    wrap (body: string, { topic, deliveryId, sendAt, repeat }: NectorDelivery): SimulatedWebhook {
      const headers: Record<string, string> = {
        accept: 'application/json',
        'content-type': 'application/json',
        'x-source': 'unix',
        ...secretHeaders,
        'x-nector-timestamp': String(Math.floor(sendAt / second)),
        'x-nector-delivery-id': deliveryId,
        'x-nector-topic': topic
      }
      if (key !== undefined) {
        headers['x-nector-webhook-hmac-algo'] = 'sha256'
        headers['x-nector-webhook-hmac'] = createHmac('sha256', key).update(body).digest('hex')
      }
      return { vendor: 'nector', source: source.id, path, headers, body, sendAt, events: 1, repeat, topic, deliveryId }
    }
  }
}
