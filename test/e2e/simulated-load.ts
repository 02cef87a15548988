import { hash } from 'node:crypto'
import { createShop } from '../../simulator/shop/create-shop.ts'
import type { SimulatedWebhook } from '../../simulator/webhook.ts'
import { readConfig } from '../../config/config.ts'
import type { Deployment } from './deployment.ts'

/** A month of a shop that sends to the sources of a home. */
export function simulatedShop ({ home }: Pick<Deployment, 'home'>, seed: number, events: number): ReturnType<typeof createShop> {
  const config = readConfig({ ...home.environment, CONFIG_FILE: `${home.folder}/loyalty.config.json` })
  const endAt = Date.UTC(2026, 5, 30)
  return createShop({ config, seed, startAt: endAt - 30 * 24 * 3_600_000, endAt, events })
}

/** Accepted bodies and how often each was accepted. */
export function recorder (): { readonly accepted: Map<string, number>, readonly note: (webhook: { readonly body: SimulatedWebhook['body'] | Buffer }) => void } {
  const accepted = new Map<string, number>()
  return {
    accepted,
    note ({ body }) {
      const name = hash('sha256', body)
      accepted.set(name, (accepted.get(name) ?? 0) + 1)
    }
  }
}

/** The bodies that were accepted more often than `landing.raw_webhooks` has them. */
export async function missingFromRaw ({ query }: Pick<Deployment, 'query'>, accepted: ReadonlyMap<string, number>): Promise<string[]> {
  const rows = await query('SELECT lower(hex(SHA256(body))) AS body, count() AS n FROM landing.raw_webhooks FINAL GROUP BY body')
  const loaded = new Map(rows.map(({ body, n }) => [String(body), Number(n)]))
  return [...accepted].filter(([body, times]) => (loaded.get(body) ?? 0) < times).map(([body]) => body)
}
