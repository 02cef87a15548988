import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../runtime/errors.ts'
import type { LogWriter } from './log-writer.ts'
import { logErrors } from './log-errors.ts'

/** A probe writes to disk: at most one per interval, however often it is requested. */
const keepMs = 1_000
const deadlineMs = 2_000

/** Shares one probe among concurrent callers and for a moment after. A hanging probe is awaited, not repeated. Rejects as the probe does. */
export function sharedProbe (log: Pick<LogWriter, 'probe'>): () => Promise<void> {
  let current: Promise<void> | undefined
  return async () => {
    if (current === undefined) {
      const started = log.probe()
      current = started
      const forget = (): void => {
        setTimeout(() => { current = undefined }, keepMs).unref()
      }
      started.then(forget, forget)
    }
    const stop = new AbortController()
    const late = delay(deadlineMs, undefined, { signal: stop.signal }).then(() => {
      throw new AppError(logErrors.LOG_UNAVAILABLE, `expected the log to answer within ${deadlineMs} ms, got no answer`)
    })
    try {
      await Promise.race([current, late])
    } catch (error) {
      throw error instanceof AppError ? error : new AppError(logErrors.LOG_UNAVAILABLE, 'the log failed', { cause: error })
    } finally {
      stop.abort()
      late.catch(() => {})
    }
  }
}
