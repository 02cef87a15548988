import type { Clock } from '../local-time.ts'

/**
 * The instant of Netcore's `ts`, yyMMddHHmmss read from the clock of the source (181212120708 is 2018-12-12 12:07:08),
 * in epoch milliseconds. Undefined where it is no such time.
 */
export function instantOfTs (ts: number, clock: Clock): number | undefined {
  if (ts < 0 || ts > 991231235959) return undefined
  const part = (unit: number): number => Math.floor(ts / unit) % 100
  const [year, month, day, hour, minute, second] = [2000 + part(1e10), part(1e8), part(1e6), part(1e4), part(1e2), part(1)] as const
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59) return undefined
  return clock.instantOf(Date.UTC(year, month - 1, day, hour, minute, second))
}

function daysIn (year: number, month: number): number {
  if (month === 2) return year % 4 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}
