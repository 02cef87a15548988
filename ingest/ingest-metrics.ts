import { Counter, Histogram, type Registry } from 'prom-client'
import type { ErrorCode } from '../runtime/errors.ts'
import type { RawWebhook } from '../schemas/raw-webhook.ts'
import type { Vendor } from '../schemas/topics.ts'
import type { Source } from './source.ts'

/** What the ingest counts. No label takes a value from a request: the sources are those of the configuration. */
export interface IngestMetrics {
  accepted (source: Source, bytes: number, hmac: RawWebhook['hmac'], seconds: number): void
  /** `vendor` is none where the request reached no configured source. */
  refused (vendor: Vendor | 'none', code: ErrorCode): void
}

export function createIngestMetrics (registry: Registry): IngestMetrics {
  const registers = [registry]
  const accepted = new Counter({ registers, name: 'ingest_accepted_total', help: 'Webhooks answered 200: durable', labelNames: ['vendor', 'source'] })
  const bytes = new Counter({ registers, name: 'ingest_accepted_bytes_total', help: 'Body bytes of accepted webhooks', labelNames: ['vendor', 'source'] })
  const signatures = new Counter({ registers, name: 'ingest_hmac_total', help: 'Accepted webhooks by the state of their HMAC', labelNames: ['source', 'result'] })
  const refused = new Counter({ registers, name: 'ingest_refused_total', help: 'Requests refused, by error code', labelNames: ['vendor', 'code'] })
  const duration = new Histogram({
    registers,
    name: 'ingest_accept_seconds',
    help: 'From the headers of an accepted webhook to its record being durable',
    labelNames: ['vendor'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
  })
  return {
    accepted (source, size, hmac, seconds) {
      const labels = { vendor: source.vendor, source: source.id }
      accepted.inc(labels)
      bytes.inc(labels, size)
      if (source.vendor === 'nector') signatures.inc({ source: source.id, result: hmac })
      duration.observe({ vendor: source.vendor }, seconds)
    },
    refused (vendor, code) {
      refused.inc({ vendor, code })
    }
  }
}
