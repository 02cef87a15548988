/** The clocks and the timer of the migration lock. All times are milliseconds. */
export interface LockClock {
  readonly wall: () => number
  readonly monotonic: () => number
  /** Calls `work` at each interval, until the returned function is called. */
  readonly every: (intervalMs: number, work: () => void) => () => void
}

export const systemClock: LockClock = {
  wall: Date.now,
  monotonic: () => performance.now(),
  every (intervalMs, work) {
    const timer = setInterval(work, intervalMs)
    return () => { clearInterval(timer) }
  }
}

/** Milliseconds since it was started. */
export type Stopwatch = () => number

/**
 * Never shows less than the time that has passed: the longer of what both clocks say. The wall clock can be set back, and the monotonic one
 * stands still while the machine is suspended.
 */
export function stopwatch ({ wall, monotonic }: LockClock): Stopwatch {
  const started = { wall: wall(), monotonic: monotonic() }
  return () => Math.max(wall() - started.wall, monotonic() - started.monotonic)
}
