/** Seconds from one point to the next, the least there are; a day where there is one point only. */
export function stepOf (xs: ArrayLike<number>): number {
  const steps = Array.from(xs).slice(1).map((x, index) => x - (xs[index] ?? 0))
  return steps.length === 0 ? 86_400 : Math.min(...steps)
}
