/** Milliseconds since it was started. */
export type Stopwatch = () => number

/**
 * For who must not believe that less time has passed than has: takes the longer of what two clocks say. The wall clock can be set back; the
 * monotonic one stands still while the machine is suspended.
 */
export function stopwatch (): Stopwatch {
  const wall = Date.now()
  const monotonic = performance.now()
  return () => Math.max(Date.now() - wall, performance.now() - monotonic)
}
