import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { createShop } from '../simulator/shop/create-shop.ts'
import { sendWebhooks } from '../simulator/send/send-webhooks.ts'
import { createWarehouseClient } from '../warehouse/clickhouse-client.ts'
import type { Engine } from './engine.ts'
import { quantile, type Figure } from './figure.ts'
import { createHome, startRoles } from './roles.ts'
import { businesses, secret } from './sample-data.ts'

const rate = 2_000
const seconds = 30

/** Time from sending a webhook to its row being queryable, asked for ten times a second beside a steady stream. */
export async function benchFreshness (engine: Engine): Promise<Figure[]> {
  const home = await createHome(engine.emptyLog())
  const roles = await startRoles(home)
  try {
    const url = roles.ingestUrl
    const client = createWarehouseClient({ url: roles.clickHouseUrl, user: 'loyalty', password: await roles.password() })
    const idle = await probe(url, client, 3)
    const endAt = Date.now()
    const shop = createShop({ config: { businesses }, seed: 1, startAt: endAt - 30 * 24 * 3_600_000, endAt, events: rate * (seconds + 5) })
    const stop = new AbortController()
    const sending = sendWebhooks(shop, { url, rate, concurrency: 64, signal: stop.signal })
    await delay(3_000)
    const steady = await probe(url, client, seconds)
    stop.abort()
    const { accepted, seconds: spent } = await sending
    await client.close()
    const events = (accepted.nector.events + accepted.netcore.events) / spent
    const figures = (what: string, latencies: readonly number[], aim: string): Figure[] => [0.5, 0.95, 0.99].map((q) =>
      ({ bench: 'freshness', what: `${what}, p${q * 100} of ${latencies.length}`, value: quantile(latencies, q), unit: 's', ...(q === 0.99 ? { aim } : {}) }))
    return [
      ...figures('silent system', idle, '< 2 s'),
      { bench: 'freshness', what: 'steady stream beside the probes', value: events, unit: 'events/s', aim: `${rate} events/s` },
      ...figures('steady stream', steady, '< 2 s')
    ]
  } finally {
    await roles.stop()
    await home.remove()
  }
}

async function probe (url: string, client: ReturnType<typeof createWarehouseClient>, seconds: number): Promise<number[]> {
  const probes: Array<Promise<number>> = []
  const waiting = new Set<string>()
  const seen = new Map<string, (at: number) => void>()
  const sent = new AbortController()
  const watching = (async () => {
    while (!sent.signal.aborted || waiting.size > 0) {
      if (waiting.size > 0) {
        const answer = await client.query({ query: 'SELECT delivery_id FROM landing.other_events WHERE delivery_id IN {ids: Array(String)}', query_params: { ids: [...waiting] }, format: 'JSONEachRow' })
        const at = performance.now()
        for (const { delivery_id: id } of await answer.json<{ delivery_id: string }>()) {
          seen.get(id)?.(at)
          waiting.delete(id)
        }
      }
      await delay(50)
    }
  })()
  for (let count = 0; count < seconds * 10; count++) {
    const id = randomUUID()
    const start = performance.now()
    probes.push(new Promise((resolve) => { seen.set(id, (at) => { resolve((at - start) / 1000) }) }))
    const response = await fetch(`${url}/webhooks/nector/bench-nector`, {
      method: 'POST',
      body: '{"probe":true}',
      headers: { 'content-type': 'application/json', 'x-nector-topic': 'probe', 'x-nector-delivery-id': id, 'x-nector-webhook-secret': createHash('sha256').update(secret).digest('hex') }
    })
    if (response.status !== 200) throw new Error(`expected 200, got ${response.status}`)
    waiting.add(id)
    await delay(Math.max(0, 100 - (performance.now() - start)))
  }
  sent.abort()
  await watching
  return await Promise.all(probes)
}
