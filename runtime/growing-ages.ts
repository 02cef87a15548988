/**
 * The age of the time at which something was last seen, in milliseconds: by the wall clock, but at least the time since this process first saw
 * it. A stored time may be in the future, or a clock may have been set back, and a stalled thing must not look young.
 *
 * `key` names the thing, `mark` changes when it advances.
 */
export type GrowingAges = (key: string, mark: string | number, byClockMs: number) => number

/** `monotonic`: a monotonic clock in milliseconds. */
export function growingAges (monotonic: () => number): GrowingAges {
  const seen = new Map<string, { readonly mark: string | number, readonly since: number }>()
  return (key, mark, byClockMs) => {
    const last = seen.get(key)
    const since = last?.mark === mark ? last.since : monotonic()
    seen.set(key, { mark, since })
    return Math.max(byClockMs, monotonic() - since)
  }
}
