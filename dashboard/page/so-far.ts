import { dayIn } from './state.ts'
import { stepOf } from './step.ts'

/** What a part of a day or week is called. */
export const soFar = 'so far'

/** The last of these days or weeks, in seconds, where it is not over yet in the time zone; undefined where it is. `now` in epoch milliseconds. */
export function unfinishedRow (xs: readonly number[], timezone: string, now: number): number | undefined {
  const row = xs.length - 1
  const begins = xs[row]
  if (begins === undefined) return undefined
  const today = Date.parse(dayIn(timezone, now)) / 1000
  return begins <= today && today < begins + stepOf(xs) ? row : undefined
}
