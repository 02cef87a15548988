import { AppError } from '../../runtime/errors.ts'
import { checkJsonObject } from '../json/check-json-object.ts'
import { isPlainObject, readJsonText } from '../json/json-text.ts'
import { endOfJson, objectEntries } from '../json/object-entries.ts'
import { parseJson } from '../json/parse-json.ts'
import { vendorErrors } from '../vendor-errors.ts'

const dataKey = Buffer.from('data=')
const ampersand = 0x26
const percent = 0x25
const plus = 0x2b
const space = 0x20
const quote = 0x22
/** Netcore sends one key. Splitting megabytes of `&` would take seconds. */
const mostFormKeys = 64

/** Checks at the edge that a Netcore body carries a JSON object, or an empty array, the vendor's probe. Throws BODY_MALFORMED. */
export function checkNetcoreBody (body: Buffer, contentType: string): void {
  checkJsonObject(readNetcoreJson(body, contentType), { emptyArray: true })
}

/**
 * The panels that a Netcore body carries, in order, a name as often as it was sent; numbers without loss. What is no object is returned as it is. Throws
 * BODY_MALFORMED or SyntaxError.
 */
export function parseNetcoreBody (body: Buffer, contentType: string): { readonly panels: ReadonlyArray<readonly [string, unknown]> } | { readonly other: unknown } {
  const text = readNetcoreJson(body, contentType)
  const parsed = parseJson(text)
  const content = unwrapNetcoreData(parsed)
  if (!isPlainObject(content)) return { other: content }
  const panels = Object.entries(content)
  const isWrapped = content !== parsed
  if (![...panels.map(([name]) => name), ...isWrapped ? ['data'] : []].some((name) => occursTwice(text, JSON.stringify(name)))) return { panels }
  const entries = isWrapped ? objectEntries(text).flatMap(([, value]) => objectEntries(value)) : objectEntries(text)
  return { panels: entries.map(([name, value]) => [name, parseJson(value)] as const) }
}

function occursTwice (text: string, part: string): boolean {
  const first = text.indexOf(part)
  return first !== -1 && text.includes(part, first + part.length)
}

/**
 * The text of the JSON that a Netcore body carries.
 *
 * - form-encoded: the value of the key `data`, percent-encoded, `+` for a space; other keys are skipped
 * - a form whose value was not encoded, `data={"CITY":"Thane & Kalyan"}`: the JSON behind the key, literally
 * - JSON: the body itself. So is a body that says it is a form but begins with `{` or `[`, which no form does:
 *   a batch that is refused may never come again
 *
 * A byte order mark or blanks before any of these are skipped.
 *
 * The text is not parsed: it may still be no JSON. Throws BODY_MALFORMED.
 */
export function readNetcoreJson (body: Buffer, contentType: string): string {
  if (!isForm(contentType) || beginsAsJson(body)) return readJsonText(body)
  const form = withoutMark(body)
  return literalData(form) ?? readJsonText(percentDecode(findData(form)))
}

const marks = [Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('%EF%BB%BF'), Buffer.from('%ef%bb%bf')]
const blanks = new Set([0x09, 0x0a, 0x0d, space])
/** What comes before the first key is looked at no further. */
const longestMark = 64

function withoutMark (body: Buffer): Buffer {
  let start = 0
  while (start < longestMark) {
    const rest = body.subarray(start)
    const mark = marks.find((one) => rest.subarray(0, one.length).equals(one))
    if (mark !== undefined) start += mark.length
    else if (blanks.has(rest[0] ?? 0)) start++
    else break
  }
  return body.subarray(start)
}

/** The JSON behind the first key `data` where it was not encoded; undefined where it was, or where it is no JSON. */
function literalData (form: Buffer): string | undefined {
  const key = form.subarray(0, dataKey.length).equals(dataKey) ? 0 : form.indexOf('&data=') + 1
  if (key === 0 && !form.subarray(0, dataKey.length).equals(dataKey)) return undefined
  const value = form.subarray(key + dataKey.length)
  // what encodes leaves no quote as it is
  if (!beginsAsJson(value) || !value.includes(quote)) return undefined
  const literal = literalJson(value.toString('utf8'))
  // of some values only a few characters are encoded
  return literal !== undefined && !/[& ]/.test(literal) && /%[0-9A-Fa-f]{2}|\+/.test(literal) ? undefined : literal
}

/** The JSON that a text begins with, up to its end or the next form key; undefined where it has no end there. */
function literalJson (text: string): string | undefined {
  const end = endOfJson(text)
  if (end === undefined) return undefined
  const rest = text.slice(end).trim()
  if (rest !== '' && !rest.startsWith('&')) return undefined
  if (rest.includes('&data=')) throw new AppError(vendorErrors.BODY_MALFORMED, 'expected the form key data once, got it again')
  return text.slice(0, end)
}

/**
 * The panels of a parsed Netcore body. A JSON body may have the form's key as a wrapper, `{"data": {"<panel>": [ … ]}}`.
 * A panel that happens to be called data is told apart: what it holds is an array, or an activity, whose fields are not all arrays.
 */
export function unwrapNetcoreData (parsed: unknown): unknown {
  if (!isPlainObject(parsed)) return parsed
  const { data, ...others } = parsed
  return isPlainObject(data) && Object.keys(others).length === 0 && Object.values(data).every(Array.isArray) ? data : parsed
}

function isForm (contentType: string): boolean {
  return contentType.trimStart().toLowerCase().startsWith('application/x-www-form-urlencoded')
}

function beginsAsJson (body: Buffer): boolean {
  const start = body.toString('utf8', 0, 64).trimStart()
  return start.startsWith('{') || start.startsWith('[')
}

/** The undecoded value of `data`. A second one would be a second batch, and to take only one of them would lose the other. */
function findData (body: Buffer): Buffer {
  let found: Buffer | undefined
  let keys = 0
  for (let start = 0; start < body.length;) {
    if (++keys > mostFormKeys) throw new AppError(vendorErrors.BODY_MALFORMED, `expected at most ${mostFormKeys} form keys, got more`)
    const next = body.indexOf(ampersand, start)
    const end = next === -1 ? body.length : next
    if (body.subarray(start, start + dataKey.length).equals(dataKey)) {
      if (found !== undefined) throw new AppError(vendorErrors.BODY_MALFORMED, 'expected the form key data once, got it again')
      found = body.subarray(start + dataKey.length, end)
    }
    start = end + 1
  }
  if (found === undefined) throw new AppError(vendorErrors.BODY_MALFORMED, `expected the form key data, got ${body.length} bytes without it`)
  return found
}

/** On bytes, not on text: several times faster than URLSearchParams for a batch of megabytes, and strict where that guesses. */
function percentDecode (value: Buffer): Buffer {
  const decoded = Buffer.allocUnsafe(value.length)
  let length = 0
  for (let index = 0; index < value.length; index++) {
    const byte = value[index] ?? 0
    if (byte === percent) {
      const high = hexValue(value[index + 1])
      const low = hexValue(value[index + 2])
      if (high < 0 || low < 0) throw new AppError(vendorErrors.BODY_MALFORMED, `expected two hex digits after the % at byte ${index} of data, got something else`)
      decoded[length++] = high << 4 | low
      index += 2
    } else {
      decoded[length++] = byte === plus ? space : byte
    }
  }
  return decoded.subarray(0, length)
}

const hexValues = Int8Array.from({ length: 256 }, (_, byte) => '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase()))

function hexValue (byte: number | undefined): number {
  return byte === undefined ? -1 : hexValues[byte] ?? -1
}
