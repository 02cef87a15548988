import type { Logger } from './logger.ts'

/** What repeats itself while something is away is said this often. */
const periodMs = 60_000

export interface RepeatedLines {
  /** Logs the line, or counts it where one of the same key was logged within the last minute; the next one says how many were not. */
  say (key: string, level: 'warn' | 'error', fields: Readonly<Record<string, unknown>>, message: string): void
}

/** Keeps an outage from filling the log of the process: the first line comes at once, then one a minute. `now`: milliseconds of a clock that nobody sets. */
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
