import { expect, test } from 'vitest'
import { backoffMs } from '../../runtime/backoff.ts'

test.each([[1, 100], [2, 200], [3, 400], [7, 6_400], [8, 10_000], [5_000, 10_000]])('after %i failures it is between half and all of %i ms', (failures, longest) => {
  const waits = Array.from({ length: 200 }, () => backoffMs({ firstMs: 100, longestMs: 10_000 }, failures))
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(longest / 2)
  expect(Math.max(...waits)).toBeLessThanOrEqual(longest)
  expect(new Set(waits).size).toBeGreaterThan(100)
})
