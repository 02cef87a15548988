import { setTimeout as delay } from 'node:timers/promises'

/** Waits so many milliseconds, or until the signal is aborted: the caller checks the signal next. */
export async function pause (ms: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {})
}
