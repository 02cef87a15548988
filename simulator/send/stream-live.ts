import { setTimeout as sleep } from 'node:timers/promises'
import { createShop, type LiveRate, type Shop, type ShopOptions } from '../shop/create-shop.ts'
import { day, second } from '../durations.ts'
import { sendWebhooks, type SendOptions, type SendSummary } from './send-webhooks.ts'
import type { SimulatedWebhook } from '../webhook.ts'

export interface LiveOptions extends Pick<ShopOptions, 'config' | 'businessId'>, Pick<SendOptions, 'url' | 'concurrency' | 'patience' | 'onAccepted' | 'onRetry'> {
  readonly seed?: number
  /** The wall clock, in epoch milliseconds. */
  readonly now: () => number
  /** Days of past before the present, and events in them; default 30 and 5,000. */
  readonly days?: number
  readonly backfillEvents?: number
  /** Default: as many as in the past, so that today looks like any other day. */
  readonly live?: LiveRate
  /** The only end of the stream. */
  readonly signal: AbortSignal
  /** Called when the past has been handed out and the present begins. */
  readonly onLive?: (shop: Shop) => void
}

/** Fills the past in one go, then sends what happens now when it happens. Resolves once the signal aborts; throws as sendWebhooks. */
export async function streamLive (options: LiveOptions): Promise<SendSummary> {
  const { config, businessId, seed = 1, now, days = 30, backfillEvents = 5_000, signal, onLive } = options
  const { live = { eventsPerSecond: backfillEvents / days / (day / second) } } = options
  const endAt = now()
  const shop = createShop({ config, businessId, seed, startAt: endAt - days * day, endAt, events: backfillEvents, live })
  const ended = new AbortController()
  const either = AbortSignal.any([signal, ended.signal])
  try {
    return await sendWebhooks(whenDue(), options)
  } finally {
    ended.abort()
  }

  async function * whenDue (): AsyncGenerator<SimulatedWebhook> {
    let isLive = false
    for (const webhook of shop) {
      if (webhook.sendAt > endAt && !isLive) {
        isLive = true
        onLive?.(shop)
      }
      const wait = webhook.sendAt - now()
      if (wait > 0) await sleep(wait, undefined, { signal: either })
      yield webhook
    }
  }
}
