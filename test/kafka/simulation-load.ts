import { expect } from 'vitest'
import { sendWebhooks, type SendSummary } from '../../simulator/send/send-webhooks.ts'
import { expectedFigures, expectSomethingOfEverything, figures } from '../e2e/expected-figures.ts'
import { eventually } from '../e2e/pipeline-process.ts'
import { recorder, simulatedShop } from '../e2e/simulated-load.ts'
import type { Deployment } from '../e2e/deployment.ts'

export interface LoadOptions {
  readonly seed: number
  readonly events: number
  /** Events a second: with `events` it says how long the load lasts at least. */
  readonly rate: number
}

/** The webhooks of a simulated shop on their way to a deployment, sent again where they are refused, as vendors do. */
export interface SimulationLoad {
  /** Webhooks answered 200 so far. */
  readonly accepted: number
  readonly ended: boolean
  /** Resolves when that many more have been accepted, or all there are. */
  acceptMore (count: number): Promise<void>
  /** Resolves when that many more are queryable, or all there are. */
  loadMore (count: number): Promise<void>
  /** Resolves when all was sent and every accepted webhook is in the tables once, and every event of it in analytics once. */
  everythingOnce (): Promise<SendSummary>
}

export function startLoad (deployment: Deployment, { seed, events, rate }: LoadOptions): SimulationLoad {
  const shop = simulatedShop(deployment, seed, events)
  const accepted = recorder()
  // those that were answered with an error or not at all may be there, too
  const repeated = recorder()
  let count = 0
  let ended = false
  const sending = sendWebhooks(shop, {
    url: deployment.url,
    rate,
    onAccepted (webhook) {
      count++
      accepted.note(webhook)
    },
    onRetry: repeated.note
  }).finally(() => { ended = true })
  // who waits for it hears of it
  sending.catch(() => {})

  async function loaded (): Promise<number> {
    const [row] = await deployment.query('SELECT count() AS n FROM landing.raw_webhooks FINAL')
    return Number(row?.['n'])
  }

  /** Every accepted webhook has a row of its own, and no row is without a webhook that was sent. */
  async function expectRawOnce (): Promise<void> {
    const rows = await deployment.query('SELECT lower(hex(SHA256(body))) AS body, count() AS n, uniqExact(raw_id) AS ids FROM landing.raw_webhooks FINAL GROUP BY body')
    const found = new Map(rows.map(({ body, n, ids }) => [String(body), { n: Number(n), ids: Number(ids) }]))
    const wrong = [...found].filter(([body, { n, ids }]) => {
      const least = accepted.accepted.get(body) ?? 0
      return n !== ids || n < least || n > least + (repeated.accepted.get(body) ?? 0)
    })
    const missing = [...accepted.accepted.keys()].filter((body) => !found.has(body))
    expect({ wrong, missing }, 'webhooks that are missing, or there more often than they were sent').toEqual({ wrong: [], missing: [] })
  }

  async function expectReceipts (): Promise<void> {
    expect(await deployment.query(`SELECT
      (SELECT count() FROM landing.raw_webhooks FINAL WHERE raw_id NOT IN (SELECT raw_id FROM landing.receipts)) AS raw_without_receipt,
      (SELECT count() - uniqExact(raw_id) FROM landing.receipts FINAL) AS receipts_too_many`)).toEqual([{ raw_without_receipt: 0, receipts_too_many: 0 }])
  }

  return {
    get accepted () { return count },
    get ended () { return ended },
    async acceptMore (more) {
      const goal = count + more
      await eventually(async () => {
        if (count < goal && !ended) throw new Error(`expected ${goal} accepted webhooks, got ${count}`)
      })
    },
    async loadMore (more) {
      const goal = await eventually(loaded) + more
      await eventually(async () => { expect(await loaded()).toBeGreaterThanOrEqual(ended ? Math.min(goal, count) : goal) })
    },
    async everythingOnce () {
      const summary = await sending
      const expected = shop.expected()
      expectSomethingOfEverything(expected)
      await eventually(async () => { expect(await figures(deployment)).toEqual(expectedFigures(expected)) })
      await eventually(expectRawOnce)
      await eventually(expectReceipts)
      // what comes late must change nothing
      expect(await figures(deployment)).toEqual(expectedFigures(expected))
      return summary
    }
  }
}
