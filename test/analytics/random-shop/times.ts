import type { Random } from '../../../simulator/shop/random.ts'
import { clockShows } from '../reference/wall-clock.ts'

const hour = 3_600_000

/** Just before the clocks of New York go forward; midnight in India, in Nepal, in UTC and in New York are near. */
const base = Date.UTC(2024, 2, 9, 18, 29, 58)

/** From each of few beginnings: the same moment, the next, one second, the ends of both windows and just past them, and days later. */
const steps = [0, 0, 0, 1, 1000, 2000, 15 * 60_000, hour - 1000, hour, hour + 1000, 5 * hour, 12 * hour, 24 * hour, 24 * hour + 1000, 30 * hour]
const beginnings = [0, 2000, 6 * hour, 12 * hour + 1000, 29 * hour, 22 * 24 * hour]

export function randomInstant (random: Random): number {
  return base + random.pick(beginnings) + random.pick(steps)
}

/** As Nector sends it: with its zone, in seconds or in milliseconds. */
export function nectorTime (random: Random, instant: number): string | number {
  const seconds = Math.floor(instant / 1000)
  return random.pick([new Date(instant).toISOString(), new Date(instant).toISOString(), instant, String(instant), instant % 1000 === 0 ? seconds : instant])
}

/** As Netcore sends it: yyMMddHHmmss of the source's clock. */
export function netcoreTime (instant: number, zone: string): number {
  return Number(clockShows(instant, zone).replace(/\D/g, '').slice(2))
}

/** Arrivals: each at a moment of its own within four days, in the first half of an hour, be it before or after what it tells of. */
export function createArrivals (random: Random): () => number {
  let arrivals = 0
  return () => base + random.integer(0, 90) * hour + random.integer(0, 1800) * 1000 + arrivals++
}

/** When the views are asked: 24 hours before it is a moment long after and long before any arrival. */
export const askedAt = base + 94 * hour + 40 * 60_000
