import type { TopicLag } from './log-lag.ts'

/** Seconds for which the oldest record that a group has still to read has been waiting. */
export type UnreadAges = (lag: TopicLag & { readonly oldestTimestamp: number }) => number

/**
 * The age of a record by its own time, but no less than the time since this process first saw it as the oldest: a stored time may lie in the
 * future, or the clock may have been set back since, and a topic that stands still must not look young. `now`: epoch milliseconds;
 * `monotonic`: milliseconds of a clock that nobody sets.
 */
export function unreadAges (now: () => number, monotonic: () => number): UnreadAges {
  const seen = new Map<string, { readonly timestamp: number, readonly since: number }>()
  return ({ topic, group, oldestTimestamp: timestamp }) => {
    const key = JSON.stringify([topic, group])
    const last = seen.get(key)
    const since = last?.timestamp === timestamp ? last.since : monotonic()
    seen.set(key, { timestamp, since })
    return Math.max(now() - timestamp, monotonic() - since) / 1000
  }
}
