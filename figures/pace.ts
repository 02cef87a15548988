import { pause } from '../runtime/pause.ts'

export interface PaceOptions {
  /** Share of a core that figures may take of the server, on average: 0 to 1. */
  readonly share: number
  /** Milliseconds of work that may be done at once after a long rest. */
  readonly burstMs: number
  /** A monotonic clock in milliseconds. */
  readonly monotonic: () => number
}

/** Rests after work so that, on average, the share is kept: credit grows while nothing is done, work takes of it, and a debt is waited for. */
export function createPace ({ share, burstMs, monotonic }: PaceOptions): (tookMs: number, signal: AbortSignal) => Promise<void> {
  let credit = burstMs
  let at = monotonic()
  return async (tookMs, signal) => {
    const now = monotonic()
    credit = Math.min(burstMs, credit + (now - at) * share) - tookMs
    at = now
    if (credit < 0) await pause(-credit / share, signal)
  }
}
