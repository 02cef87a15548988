import type { Logger } from './logger.ts'

/** Interval of repeated lines during an outage. */
const periodMs = 60_000

export interface RepeatedLines {
  /** Logs the line, or counts it if the same key was logged within the interval; the next line carries the count. */
  say (key: string, level: 'warn' | 'error', fields: Readonly<Record<string, unknown>>, message: string): void
}

/** Rate-limits log lines: the first at once, then one a minute per key. `now`: a monotonic clock in milliseconds. */
export function repeatedLines (logger: Logger, now: () => number = () => performance.now()): RepeatedLines {
  const said = new Map<string, { at: number, unsaid: number }>()
  return {
    say (key, level, fields, message) {
      const last = said.get(key)
      if (last !== undefined && now() - last.at < periodMs) {
        last.unsaid++
        return
      }
      logger[level](last === undefined || last.unsaid === 0 ? fields : { ...fields, unsaid: last.unsaid }, message)
      said.set(key, { at: now(), unsaid: 0 })
    }
  }
}
