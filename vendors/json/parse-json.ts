import { endOfJsonString } from './json-string.ts'

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const longNumber = /[:[,]\s*-?(?:[\d.]{16,}|[\d.]+[eE])/
/** A double holds numbers of fewer characters, where they have no exponent. */
const exactLength = 16
/** No value has more digits; a regular expression would run out of stack on megabytes of them. */
const longestNumber = 1_000

/**
 * Parses JSON without loss: a number with more digits than a double holds, or with an exponent, becomes its own text.
 * The mapping reads numbers and texts alike, so nothing but the digits is affected. Throws SyntaxError.
 */
export function parseJson (text: string): unknown {
  return JSON.parse(longNumber.test(text) ? quoteLongNumbers(text) : text)
}

/** Quotes such numbers where they stand outside of strings. What is no JSON stays none. */
function quoteLongNumbers (text: string): string {
  const parts: string[] = []
  let kept = 0
  for (let index = 0; index < text.length;) {
    const code = text.charCodeAt(index)
    if (code === 0x22 /* " */) {
      index = endOfJsonString(text, index) + 1
    } else if (isNumeric(code)) {
      const start = index
      while (index < text.length && isNumeric(text.charCodeAt(index))) index++
      const found = text.slice(start, Math.min(index, start + longestNumber + 1))
      if (found.length > longestNumber || (found.length < exactLength && !/[eE]/.test(found)) || !number.test(found)) continue
      parts.push(text.slice(kept, start), '"', found, '"')
      kept = index
    } else {
      index++
    }
  }
  parts.push(text.slice(kept))
  return parts.join('')
}

/** Of a character that a number may have. Those of `true`, `false` and `null` among them make no number. */
function isNumeric (code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2d /* - */ || code === 0x2b /* + */ || code === 0x2e /* . */ || code === 0x65 /* e */ || code === 0x45 /* E */
}
