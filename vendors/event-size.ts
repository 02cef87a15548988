/** Deeper nesting is no event, and would exhaust the stack of recursive functions. */
export const maximumDepth = 32
/**
 * Values of one event: object keys and array elements, at any depth. Real events have hundreds. Each costs microseconds to sort,
 * hash and encode: this many take a tenth of a second, and those of an 8 MiB body five seconds.
 */
export const maximumValues = 20_000

export interface SizeFault {
  readonly code: 'PAYLOAD_TOO_DEEP' | 'EVENT_TOO_LARGE'
  readonly reason: string
}

/** Why an event is too large to transform; undefined if it is not. Stops at the first excess. */
export function faultOfSize (event: unknown): SizeFault | undefined {
  const counted = countValues(event, 0, 0)
  if (counted === tooDeep) return { code: 'PAYLOAD_TOO_DEEP', reason: `expected at most ${maximumDepth} levels of nesting, got more` }
  if (counted > maximumValues) return { code: 'EVENT_TOO_LARGE', reason: `expected at most ${maximumValues} keys and elements in one event, got more` }
  return undefined
}

const tooDeep = -1

/** The number of values up to and within this one, or more than the maximum; `tooDeep` if nested too deep. */
function countValues (value: unknown, depth: number, before: number): number {
  if (typeof value !== 'object' || value === null) return before
  if (depth >= maximumDepth) return tooDeep
  let count = before
  if (Array.isArray(value)) {
    count += value.length
    for (let index = 0; index < value.length && count <= maximumValues; index++) {
      count = countValues(value[index], depth + 1, count)
      if (count === tooDeep) return tooDeep
    }
    return count
  }
  const parts = value as Readonly<Record<string, unknown>>
  for (const key in parts) {
    if (++count > maximumValues) return count
    count = countValues(parts[key], depth + 1, count)
    if (count === tooDeep) return tooDeep
  }
  return count
}
