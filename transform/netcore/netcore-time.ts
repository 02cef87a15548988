import type { Clock } from '../local-time.ts'

/**
 * The instant of Netcore's `ts`, yyMMddHHmmss read from the clock of the source (181212120708 is 2018-12-12 12:07:08),
 * in epoch milliseconds. Undefined where it is no such time.
 */
export function instantOfTs (ts: number, clock: Clock): number | undefined {
  const digits = String(ts).padStart(12, '0')
  if (digits.length !== 12) return undefined
  const part = (index: number): number => Number(digits.slice(2 * index, 2 * index + 2))
  const local = Date.UTC(2000 + part(0), part(1) - 1, part(2), part(3), part(4), part(5))
  return formatTs(local) === digits ? clock.instantOf(local) : undefined
}

/** Date.UTC carries over (month 13 is next January): only a time that reads the same way back was one. */
function formatTs (local: number): string {
  return new Date(local).toISOString().slice(2, 19).replaceAll(/\D/g, '')
}
