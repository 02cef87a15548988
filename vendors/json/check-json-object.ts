import { AppError } from '../../runtime/errors.ts'
import { endOfJsonString } from './json-string.ts'
import { vendorErrors } from '../vendor-errors.ts'

const kinds: Readonly<Record<string, string>> = { '{': 'an object', '[': 'an array', '"': 'a string', t: 'a boolean', f: 'a boolean', n: 'null' }

/**
 * Rejects text that is not a JSON object; an empty array passes if `emptyArray` says so. Throws BODY_MALFORMED.
 *
 * The first character is checked before parsing, so that megabytes of `[[[[` are rejected unparsed.
 * So are megabytes of `{"a":[[[[` or of `{"a":[{},{},{},`, which parse so slowly that other senders would wait for seconds.
 * Duplicate keys and numbers of any size are well-formed; the transform interprets them.
 */
export function checkJsonObject (text: string, { emptyArray }: { readonly emptyArray: boolean }): void {
  const first = text.trimStart().charAt(0)
  const expected = emptyArray ? 'a JSON object or an empty array' : 'a JSON object'
  if (first !== '{' && !(emptyArray && /^\s*\[\s*\]\s*$/.test(text))) {
    throw new AppError(vendorErrors.BODY_MALFORMED, `expected ${expected}, got ${first === '' ? 'nothing' : kinds[first] ?? (/[-\d]/.test(first) ? 'a number' : 'something else')}`)
  }
  // With this many values only the transform parses it, in its own thread; malformed text then ends as a dead letter.
  if (text.length > smallText && valuesOf(text) > mostValues) return
  try {
    JSON.parse(text)
  } catch (cause) {
    throw new AppError(vendorErrors.BODY_MALFORMED, `expected ${expected}, got ${text.length} characters that do not parse${position(cause)}`)
  }
}

/** Shorter texts parse in negligible time, whatever their content. */
const smallText = 32 * 1024
const deepestNesting = 500
/** A real batch of 8 MiB has well under 100,000. */
const mostContainers = 300_000

/** More values may take longer to parse than other senders should wait; a hundred thousand distinct keys take a tenth of a second. */
const mostValues = 100_000

/** Approximate number of values in a text. Rejects deep nesting. One pass outside of strings, many times faster than parsing. */
function valuesOf (text: string): number {
  let depth = 0
  let containers = 0
  let separators = 0
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case 0x22: // "
        index = endOfJsonString(text, index)
        break
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > deepestNesting) throw new AppError(vendorErrors.BODY_MALFORMED, `expected JSON nested at most ${deepestNesting} deep, got more`)
        if (++containers > mostContainers) throw new AppError(vendorErrors.BODY_MALFORMED, `expected JSON of at most ${mostContainers} objects and arrays, got more`)
        break
      case 0x5d: // ]
      case 0x7d: // }
        depth--
        break
      case 0x2c: // ,
        separators++
    }
  }
  return containers + separators
}

/** The parser's message quotes the payload, so only its position is kept. */
function position (error: unknown): string {
  const found = error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : undefined
  return found === undefined ? '' : `, at position ${found}`
}
