import { isUtf8 } from 'node:buffer'
import { AppError } from '../../runtime/errors.ts'
import { vendorErrors } from '../vendor-errors.ts'

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/** Decodes bytes that should be JSON: UTF-8, without the byte order mark that some senders write. Throws BODY_MALFORMED. */
export function readJsonText (bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new AppError(vendorErrors.BODY_MALFORMED, `expected UTF-8, got ${bytes.length} bytes that are not`)
  return bytes.toString('utf8', bytes.subarray(0, 3).equals(byteOrderMark) ? 3 : 0)
}

export function isPlainObject (value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
