import { AppError } from '../runtime/errors.ts'

const kinds: Readonly<Record<string, string>> = { '{': 'an object', '[': 'an array', '"': 'a string', t: 'a boolean', f: 'a boolean', n: 'null' }

/**
 * Refuses what is not the text of a JSON object; an empty array passes where `emptyArray` says so. Throws BODY_MALFORMED.
 *
 * The first character is looked at before the text is parsed: megabytes of `[[[[` need not be parsed to be refused.
 * Nor need megabytes of `{"a":[[[[` or of `{"a":[{},{},{},`, which parse so slowly that others would wait for seconds.
 * Duplicate keys and numbers of any size are well-formed; what comes of them is for the transform to say.
 */
export function checkJsonObject (text: string, emptyArray: boolean): void {
  const first = text.trimStart().charAt(0)
  const expected = emptyArray ? 'a JSON object or an empty array' : 'a JSON object'
  if (first !== '{' && !(emptyArray && /^\s*\[\s*\]\s*$/.test(text))) {
    throw new AppError('BODY_MALFORMED', `expected ${expected}, got ${first === '' ? 'nothing' : kinds[first] ?? (/[-\d]/.test(first) ? 'a number' : 'something else')}`)
  }
  if (text.length > smallText) refuseCostly(text)
  try {
    JSON.parse(text)
  } catch (cause) {
    throw new AppError('BODY_MALFORMED', `expected ${expected}, got ${text.length} characters that do not parse${position(cause)}`)
  }
}

/** What is shorter parses in no time, whatever is in it. */
const smallText = 32 * 1024
const deepestNesting = 500
/** A real batch of 8 MiB has well under 100,000. */
const mostContainers = 300_000

/** One look at the brackets outside strings, many times faster than to parse the text. */
function refuseCostly (text: string): void {
  let depth = 0
  let containers = 0
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case 0x22: // "
        index = endOfString(text, index)
        break
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > deepestNesting) throw new AppError('BODY_MALFORMED', `expected JSON nested at most ${deepestNesting} deep, got more`)
        if (++containers > mostContainers) throw new AppError('BODY_MALFORMED', `expected JSON of at most ${mostContainers} objects and arrays, got more`)
        break
      case 0x5d: // ]
      case 0x7d: // }
        depth--
    }
  }
}

/** Where the string that starts here ends. */
function endOfString (text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0
    while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes++
    if (backslashes % 2 === 0) return end
  }
  return text.length
}

/** The parser's message quotes the payload, so only its position is kept. */
function position (error: unknown): string {
  const found = error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : undefined
  return found === undefined ? '' : `, at position ${found}`
}
