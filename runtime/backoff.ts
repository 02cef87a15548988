export interface Backoff {
  readonly firstMs: number
  readonly longestMs: number
}

/**
 * Milliseconds to wait after so many failures in a row, from 1: doubled each time up to the longest, and of that between half and all, so
 * that many that failed together do not all come back together.
 */
export function backoffMs ({ firstMs, longestMs }: Backoff, failures: number): number {
  const longest = Math.min(longestMs, firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 20))
  return longest * (0.5 + Math.random() / 2)
}
