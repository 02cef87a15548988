export interface Backoff {
  readonly firstMs: number
  readonly longestMs: number
}

/**
 * Milliseconds to wait after this many consecutive failures, from 1: doubled each time up to the longest, with jitter between half and all,
 * so that clients that failed together do not retry together.
 */
export function backoffMs ({ firstMs, longestMs }: Backoff, failures: number): number {
  const longest = Math.min(longestMs, firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 20))
  return longest * (0.5 + Math.random() / 2)
}
