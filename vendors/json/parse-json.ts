import { endOfJsonString } from './json-string.ts'

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const longNumber = /[:[,]\s*-?(?:[\d.]{16,}|[\d.]+[eE])/
/** A double represents shorter numbers without exponent exactly. */
const exactLength = 16
/** Longest number; a regular expression would overflow the stack on megabytes of digits. */
const longestNumber = 1_000

/**
 * Parses JSON without loss: a number with an exponent, or with more digits than a double holds, becomes its own text.
 * Field readers take numbers and texts alike, so only the digits are affected. Throws SyntaxError.
 */
export function parseJson (text: string): unknown {
  return JSON.parse(longNumber.test(text) ? quoteLongNumbers(text) : text)
}

/** Quotes such numbers outside of strings. Malformed text stays malformed. */
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

/** Whether a character may be part of a number. Those that occur in `true`, `false` and `null` make no number. */
function isNumeric (code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2d /* - */ || code === 0x2b /* + */ || code === 0x2e /* . */ || code === 0x65 /* e */ || code === 0x45 /* E */
}
