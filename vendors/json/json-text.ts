const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/** Decodes JSON: UTF-8, without the byte order mark that some senders write. Other bytes, such as Latin-1 of one activity, become U+FFFD. */
export function readJsonText (bytes: Buffer): string {
  return bytes.toString('utf8', bytes.subarray(0, 3).equals(byteOrderMark) ? 3 : 0)
}

export function isPlainObject (value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
