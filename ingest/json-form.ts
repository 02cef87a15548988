import { AppError } from '../runtime/errors.ts'

const kinds: Readonly<Record<string, string>> = { '{': 'an object', '[': 'an array', '"': 'a string', t: 'a boolean', f: 'a boolean', n: 'null' }

/**
 * Refuses what is not the text of a JSON object; an empty array passes where `emptyArray` says so. Throws BODY_MALFORMED.
 *
 * The first character is looked at before the text is parsed: megabytes of `[[[[` need not be parsed to be refused.
 * Duplicate keys, numbers of any size and nesting of any depth are well-formed; what comes of them is for the transform to say.
 */
export function checkJsonObject (text: string, emptyArray: boolean): void {
  const first = text.trimStart().charAt(0)
  const expected = emptyArray ? 'a JSON object or an empty array' : 'a JSON object'
  if (first !== '{' && !(emptyArray && /^\s*\[\s*\]\s*$/.test(text))) {
    throw new AppError('BODY_MALFORMED', `expected ${expected}, got ${first === '' ? 'nothing' : kinds[first] ?? (/[-\d]/.test(first) ? 'a number' : 'something else')}`)
  }
  try {
    JSON.parse(text)
  } catch (cause) {
    throw new AppError('BODY_MALFORMED', `expected ${expected}, got ${text.length} characters that do not parse${position(cause)}`)
  }
}

/** The parser's message quotes the payload, so only its position is kept. */
function position (error: unknown): string {
  const found = error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : undefined
  return found === undefined ? '' : `, at position ${found}`
}
