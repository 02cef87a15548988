import { second } from '../durations.ts'
import type { Random } from './random.ts'

/** Events that one arrival causes in the end, on average; measured, and only the first guess of a pace that corrects itself. */
const eventsPerArrival = 5

/** How busy the shop is by hour of the local day, 1 on average. */
const busyness = [0.5, 0.4, 0.4, 0.4, 0.4, 0.4, 0.5, 0.7, 0.9, 1.1, 1.2, 1.3, 1.3, 1.2, 1.1, 1.1, 1.2, 1.3, 1.5, 1.7, 1.8, 1.6, 1.2, 0.8]

export interface Span {
  readonly now: number
  readonly endAt: number
  readonly eventsLeft: number
  readonly hour: number
}

/** Time until the next arrival, in whole milliseconds. */
export const nextArrival = {
  /** Spreads the events that are left over the time that is left: never past the end, so that all of them come. */
  spread (random: Random, { now, endAt, eventsLeft, hour }: Span): number {
    const timeLeft = Math.max(0, endAt - now)
    const mean = timeLeft * eventsPerArrival / Math.max(1, eventsLeft) / (busyness[hour] ?? 1)
    return Math.floor(Math.min(random.exponential(mean), timeLeft / 2))
  },

  live (random: Random, eventsPerSecond: number): number {
    return Math.round(random.exponential(eventsPerArrival / eventsPerSecond * second))
  }
}
