import { AppError } from '../../runtime/errors.ts'
import type { Answer, Poster } from './http-post.ts'
import type { SimulatedWebhook } from '../webhook.ts'
import { targetErrors } from './target-errors.ts'

/** How long the target may be away, in milliseconds: before it has ever answered, and later on. */
export interface Patience {
  readonly firstMs: number
  readonly laterMs: number
}

export interface PersistentPostOptions {
  readonly url: string
  readonly poster: Poster
  readonly signal: AbortSignal
  readonly patience?: Patience | undefined
  readonly onRetry: (webhook: SimulatedWebhook, reason: string) => void
  /** Rejects when the signal aborts. */
  readonly sleep: (milliseconds: number) => Promise<unknown>
}

const defaultPatience: Patience = { firstMs: 5_000, laterMs: 120_000 }
const firstWaitMs = 100
const longestWaitMs = 5_000
/** Busy, starting or shutting down, there or at a proxy before it: the same webhook may be accepted later. */
const passing: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])

type Attempt = { readonly answer: Answer } | { readonly error: unknown }

/** Posts until the webhook is accepted. Rejects where that cannot be expected any more, or when the signal aborts. */
export function createPersistentPost ({ url, poster, signal, patience = defaultPatience, onRetry, sleep }: PersistentPostOptions) {
  let hasAnswered = false
  // Of all who post: one that is accepted shows that the target is well again.
  let badSince: number | undefined

  async function attempt (webhook: SimulatedWebhook): Promise<Attempt> {
    signal.throwIfAborted()
    try {
      const answer = await poster.post(webhook)
      hasAnswered = true
      return { answer }
    } catch (error) {
      if (signal.aborted) throw error
      return { error }
    }
  }

  return async (webhook: SimulatedWebhook): Promise<void> => {
    for (let wait = firstWaitMs; ; wait = Math.min(2 * wait, longestWaitMs)) {
      const result = await attempt(webhook)
      if ('answer' in result && result.answer.status === 200) {
        badSince = undefined
        return
      }
      if ('answer' in result && !passing.has(result.answer.status)) throw refused(url, webhook, result.answer)
      badSince ??= performance.now()
      const badMs = performance.now() - badSince
      if (badMs > (hasAnswered ? patience.laterMs : patience.firstMs)) {
        throw 'answer' in result ? busy(url, result.answer, badMs) : unreachable(url, result.error, hasAnswered)
      }
      onRetry(webhook, describe(result))
      const asked = 'answer' in result ? result.answer.retryAfterMs ?? 0 : 0
      // Never sooner than asked for, and a little apart from one another, so that those who wait do not all come back at once.
      await sleep(Math.max(asked, wait) * (1 + 0.2 * Math.random()))
    }
  }
}

function describe (result: Attempt): string {
  return 'answer' in result ? `HTTP ${result.answer.status}` : describeError(result.error)
}

function describeError (error: unknown): string {
  return error instanceof Error ? ('code' in error ? String(error.code) : error.message) : String(error)
}

function unreachable (url: string, cause: unknown, hasAnswered: boolean): AppError {
  const next = hasAnswered ? 'did it stop? What was accepted until then is safe' : 'is `npm start` running? --url names another address'
  return new AppError(targetErrors.TARGET_UNREACHABLE, `expected ${url} to take webhooks, got ${describeError(cause)}: ${next}`, { cause })
}

function busy (url: string, { status, body }: Answer, badMs: number): AppError {
  return new AppError(targetErrors.TARGET_UNREACHABLE, `expected ${url} to accept webhooks, got only HTTP ${status} for ${Math.round(badMs / 1000)} s: ${body}`)
}

/** Answers that will not change by themselves. */
function refused (url: string, { vendor, source }: SimulatedWebhook, { status, body }: Answer): AppError {
  const fix = {
    401: `the ${vendor === 'nector' ? 'secret' : 'token'} differs: is CONFIG_FILE the file that the running ingest was started with, with the same environment?`,
    403: `the address is not among allowIps of ${source} in CONFIG_FILE: add 127.0.0.1 or the address this is run from`,
    404: `the running ingest has no ${vendor} source ${source}: is CONFIG_FILE the file that it was started with, and the URL right?`
  }[status] ?? 'the target is perhaps no ingest of this project: check the URL'
  return new AppError(targetErrors.TARGET_REFUSED, `expected ${url} to accept a webhook of ${source}, got HTTP ${status}: ${fix}\n  answer: ${body}`)
}
