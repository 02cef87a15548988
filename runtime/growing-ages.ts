/**
 * The age of what something was last seen at, in milliseconds: what the wall clock says, but no less than the time since this process first saw it
 * there. A time may lie in the future, or a clock may have been set back since, and what stands still must not look young.
 *
 * `key` names the thing, `mark` what changes when it moves.
 */
export type GrowingAges = (key: string, mark: string | number, byClockMs: number) => number

/** `monotonic`: milliseconds of a clock that nobody sets. */
export function growingAges (monotonic: () => number): GrowingAges {
  const seen = new Map<string, { readonly mark: string | number, readonly since: number }>()
  return (key, mark, byClockMs) => {
    const last = seen.get(key)
    const since = last?.mark === mark ? last.since : monotonic()
    seen.set(key, { mark, since })
    return Math.max(byClockMs, monotonic() - since)
  }
}
