import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

const keptHeaders = new Set(['content-type', 'user-agent', 'x-source'])
// eslint-disable-next-line no-control-regex
const beyondAscii = /[^\x00-\x7f]/

/**
 * A header as text. Node decodes headers as latin1; senders mostly write UTF-8. Node also joins a header that is sent several times: equal values count
 * once.
 */
function headerText (value: string | readonly string[]): string {
  const text = typeof value === 'string' ? onceOf(value) : value.join(', ')
  if (!beyondAscii.test(text)) return text
  const bytes = Buffer.from(text, 'latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : text
}

const separator = ', '

/** The value of a header that was sent several times with the same value, as some proxies do; else the value as it is. */
export function onceOf (value: string): string {
  if (!value.includes(separator)) return value
  const [first = '', ...others] = value.split(separator)
  return others.every((other) => other === first) ? first : value
}

/** Whether a header was sent several times, with different values. */
export function isContradictory ({ headersDistinct }: Partial<Pick<IncomingMessage, 'headersDistinct'>>, name: string): boolean {
  return new Set(headersDistinct?.[name]).size > 1
}

/** A header with content, or null. */
export function headerOrNull (value: string | readonly string[] | undefined): string | null {
  return value === undefined ? null : headerText(value).trim() || null
}

/** The headers that the raw record keeps, in lower case. Never credentials, cookies or the URL. */
export function headersToKeep (headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined && isKept(name)) kept[name] = headerText(value)
  }
  return kept
}

function isKept (name: string): boolean {
  return keptHeaders.has(name) || (name.startsWith('x-nector-') && (!name.includes('secret') || name.endsWith('-algo')))
}
