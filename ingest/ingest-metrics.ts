import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { deadLetterCounter } from '../runtime/dead-letter-counter.ts'
import type { RawWebhook } from '../schemas/raw-webhooks.ts'
import type { Vendor } from '../schemas/vendors.ts'
import type { Source } from './source.ts'

/** Metrics of ingest. No label takes a value from a request: sources come from the configuration. */
export interface IngestMetrics {
  accepted (source: Source, bytes: number, hmac: RawWebhook['hmac'], seconds: number): void
  /** `vendor` is `none` if the request reached no configured source. */
  refused (vendor: Vendor | 'none', code: string): void
  /** A malformed body was kept as a dead letter. */
  buried (code: string): void
  /** A connection was closed, or refused, to keep a limit. */
  connectionClosed (reason: 'limit' | 'address_limit'): void
  /** Sets the gauge of open connections, read at each scrape. */
  watchConnections (count: () => number): void
}

interface Tally { webhooks: number, bytes: number, readonly hmac: Record<RawWebhook['hmac'], number> }

/** Accepted webhooks are counted in plain numbers and copied to prom-client at each scrape: its counters cost as much as verifying a secret. */
export function createIngestMetrics (registry: Registry): IngestMetrics {
  const registers = [registry]
  const tallies = new Map<Source, Tally>()
  tallied('loyalty_ingest_accepted_total', 'Webhooks answered 200: durable', ({ vendor, id }, { webhooks }) => [[{ vendor, source: id }, webhooks]])
  tallied('loyalty_ingest_accepted_bytes_total', 'Body bytes of accepted webhooks', ({ vendor, id }, { bytes }) => [[{ vendor, source: id }, bytes]])
  tallied('loyalty_ingest_hmac_total', 'Accepted Nector webhooks by the state of their HMAC', ({ vendor, id }, { hmac }) =>
    vendor === 'nector' ? Object.entries(hmac).map(([result, count]) => [{ vendor, source: id, result }, count]) : [])
  const refused = new Counter({ registers, name: 'loyalty_ingest_refused_total', help: 'Requests refused, by error code', labelNames: ['vendor', 'code'] })
  const deadLetters = deadLetterCounter(registry)
  const duration = new Histogram({
    registers,
    name: 'loyalty_ingest_accept_seconds',
    help: 'From the headers of an accepted webhook to its record being durable',
    labelNames: ['vendor'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
  })

  const closed = new Counter({
    registers,
    name: 'loyalty_ingest_connections_closed_total',
    help: 'Connections closed or refused to keep MAX_CONNECTIONS (limit) or MAX_CONNECTIONS_PER_ADDRESS (address_limit)',
    labelNames: ['reason']
  })
  let connections = (): number => 0
  void new Gauge({ registers, name: 'loyalty_ingest_connections', help: 'Open webhook connections', collect () { this.set(connections()) } })

  function tallied (name: string, help: string, read: (source: Source, tally: Tally) => ReadonlyArray<readonly [Record<string, string>, number]>): void {
    const counter = new Counter({
      registers,
      name,
      help,
      labelNames: ['vendor', 'source', 'result'],
      collect () {
        counter.reset()
        for (const [source, tally] of tallies) read(source, tally).forEach(([labels, value]) => { counter.inc(labels, value) })
      }
    })
  }

  return {
    accepted (source, bytes, hmac, seconds) {
      let tally = tallies.get(source)
      if (tally === undefined) tallies.set(source, tally = { webhooks: 0, bytes: 0, hmac: { off: 0, absent: 0, valid: 0, invalid: 0 } })
      tally.webhooks++
      tally.bytes += bytes
      tally.hmac[hmac]++
      duration.observe({ vendor: source.vendor }, seconds)
    },
    refused (vendor, code) {
      refused.inc({ vendor, code })
    },
    buried (code) {
      deadLetters.inc({ stage: 'ingest', code })
    },
    connectionClosed (reason) {
      closed.inc({ reason })
    },
    watchConnections (count) {
      connections = count
    }
  }
}
