const token = /"(?:[^"\\]|\\.)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?=[\s,\]}]|$)/g
const longNumber = /[:[,]\s*-?(?:[\d.]{16,}|[\d.]+[eE])/
const quote = '"'

/**
 * Parses JSON without loss: a number with more digits than a double holds, or with an exponent, becomes its own text.
 * The mapping reads numbers and texts alike, so nothing but the digits is affected. Throws SyntaxError.
 */
export function parseJson (text: string): unknown {
  return JSON.parse(longNumber.test(text) ? quoteLongNumbers(text) : text)
}

function quoteLongNumbers (text: string): string {
  return text.replace(token, (match) => match.startsWith(quote) || (match.length < 16 && !/[eE]/.test(match)) ? match : `"${match}"`)
}

/** Nesting deeper than this is no event, and would exhaust the stack of what walks it. */
export const maximumDepth = 32

export function isTooDeep (value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (depth >= maximumDepth) return true
  const parts = value as Readonly<Record<string, unknown>>
  for (const key in parts) if (isTooDeep(parts[key], depth + 1)) return true
  return false
}
