import type { LockClock } from '../../warehouse/migrations/lock-clock.ts'

/** Clocks that stand still until a test moves them, and a timer that fires when it says so. */
export interface ManualClock extends LockClock {
  /** Moves both clocks, in milliseconds. */
  advance (ms: number): void
  /** Sets the wall clock by so many milliseconds. */
  setWall (ms: number): void
  /** Calls everything that waits for an interval, once. */
  beat (): void
  /** Moves both clocks on until the work has ended. */
  advanceUntil<T> (work: Promise<T>): Promise<T>
}

export function manualClock (): ManualClock {
  const now = { wall: 1_700_000_000_000, monotonic: 0 }
  const waiting = new Set<() => void>()
  const advance = (ms: number): void => {
    now.wall += ms
    now.monotonic += ms
  }
  return {
    wall: () => now.wall,
    monotonic: () => now.monotonic,
    every (_intervalMs, work) {
      waiting.add(work)
      return () => { waiting.delete(work) }
    },
    advance,
    setWall (ms) { now.wall += ms },
    beat () { for (const work of [...waiting]) work() },
    async advanceUntil (work) {
      const moving = setInterval(() => { advance(100) }, 20)
      try {
        return await work
      } finally {
        clearInterval(moving)
      }
    }
  }
}
