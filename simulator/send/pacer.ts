/** Waits until it is the turn of so many events. */
export type Pacer = (events: number) => Promise<void>

export interface PacerOptions {
  /** Nobody waits where it is absent. */
  readonly eventsPerSecond: number | undefined
  /** A monotonic clock, in milliseconds. */
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<unknown>
}

/** On a busy machine timers are late; so much unused time is made up for, and no more. */
const toleranceMs = 200

/** Steady: after a stall of the target there is no burst. */
export function createPacer ({ eventsPerSecond, now, sleep }: PacerOptions): Pacer {
  if (eventsPerSecond === undefined) return async () => {}
  const gap = 1000 / eventsPerSecond
  let free = now()
  return async (events) => {
    const at = now()
    const turn = Math.max(free, at - toleranceMs)
    free = turn + events * gap
    if (turn > at) await sleep(turn - at)
  }
}
