import { setMaxListeners } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { AppError } from '../../runtime/errors.ts'
import type { Vendor } from '../../schemas/vendors.ts'
import { createPoster } from './http-post.ts'
import { createPacer } from './pacer.ts'
import { createPersistentPost, type Patience } from './persistent-post.ts'
import type { SimulatedWebhook } from '../webhook.ts'
import { runtimeErrors } from '../../runtime/runtime-errors.ts'

export interface SendOptions {
  /** Where the ingest listens, such as http://127.0.0.1:8080. */
  readonly url: string
  /** Requests under way at once; default 16. */
  readonly concurrency?: number | undefined
  /** Events a second; as fast as possible where absent. */
  readonly rate?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly patience?: Patience | undefined
  /** Called after the 200, so what it was called for must never be lost. */
  readonly onAccepted?: ((webhook: SimulatedWebhook) => void) | undefined
  /** Called before a webhook is sent again, with the reason. */
  readonly onRetry?: ((webhook: SimulatedWebhook, reason: string) => void) | undefined
}

export interface SendSummary {
  readonly accepted: Readonly<Record<Vendor, { readonly webhooks: number, readonly events: number }>>
  /** Accepted webhooks that the vendor had sent before. */
  readonly repeats: number
  readonly retries: number
  readonly seconds: number
  /** Stopped by the signal before all was sent. */
  readonly aborted: boolean
}

/**
 * Sends webhooks until there are no more, or until the signal aborts; then what was under way is cut off, accepted or not.
 * Waits and tries again where the target is away or busy. Throws where only a person can help: TARGET_REFUSED with what to
 * check, TARGET_UNREACHABLE where it is away or busy for longer than patience lasts.
 */
export async function sendWebhooks (webhooks: Iterable<SimulatedWebhook> | AsyncIterable<SimulatedWebhook>, options: SendOptions): Promise<SendSummary> {
  const { url, concurrency = 16, rate, onAccepted, onRetry } = options
  const stop = new AbortController()
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal])
  // All who wait listen to it.
  setMaxListeners(2 * concurrency + 10, signal)
  const poster = createPoster(url, concurrency)
  signal.addEventListener('abort', () => { poster.close() }, { once: true })
  const sleep = (milliseconds: number): Promise<unknown> => setTimeout(milliseconds, undefined, { signal })
  const pace = createPacer({ eventsPerSecond: rate, now: () => performance.now(), sleep })
  const accepted = { nector: { webhooks: 0, events: 0 }, netcore: { webhooks: 0, events: 0 } }
  let [repeats, retries] = [0, 0]
  const post = createPersistentPost({
    url,
    poster,
    signal,
    patience: options.patience,
    sleep,
    onRetry (webhook, reason) {
      retries += 1
      onRetry?.(webhook, reason)
    }
  })
  const iterator = Symbol.asyncIterator in webhooks ? webhooks[Symbol.asyncIterator]() : webhooks[Symbol.iterator]()
  const startedAt = performance.now()

  async function work (): Promise<void> {
    while (!signal.aborted) {
      const next = await iterator.next()
      if (next.done === true) return
      const webhook = next.value
      await pace(webhook.events)
      await post(webhook)
      const sum = accepted[webhook.vendor]
      sum.webhooks += 1
      sum.events += webhook.events
      if (webhook.repeat) repeats += 1
      onAccepted?.(webhook)
    }
  }

  async function workOrStopAll (): Promise<void> {
    try {
      await work()
    } catch (error) {
      // The first error ends the others too, whose own are then only its consequence.
      stop.abort(error)
    }
  }

  // On an error nobody is waited for: a live stream may take long to hand out the next webhook.
  const failed = new Promise((resolve) => { stop.signal.addEventListener('abort', resolve, { once: true }) })
  await Promise.race([failed, Promise.all(Array.from({ length: concurrency }, workOrStopAll))])
  poster.close()
  const aborted = options.signal?.aborted === true
  if (stop.signal.aborted && !aborted) throw reasonOf(stop.signal)
  return { accepted, repeats, retries, seconds: (performance.now() - startedAt) / 1000, aborted }
}

function reasonOf (signal: AbortSignal): Error {
  const reason: unknown = signal.reason
  return reason instanceof Error ? reason : new AppError(runtimeErrors.INTERNAL, `expected an error, got ${String(reason)}`)
}
