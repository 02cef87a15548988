import { confluentHeaderLength, headerLength, readFrame, writeHeader } from '../../schemas/framing.ts'

/** The prefix of Confluent framing: a zero byte and the schema id. */
export function confluentHeader (id: number): Buffer {
  const header = Buffer.alloc(confluentHeaderLength)
  header.writeInt32BE(id, 1)
  return header
}

/**
 * Replaces single-object encoding by Confluent framing, in a new buffer. The record is copied, not decoded.
 * `headerOf` maps the fingerprint of the writer schema to the prefix. Throws as `readFrame` does.
 */
export function toConfluent (message: Buffer, headerOf: (fingerprint: string) => Buffer): Buffer {
  const { fingerprint, payload } = readFrame(message)
  const framed = Buffer.allocUnsafe(confluentHeaderLength + payload.length)
  headerOf(fingerprint).copy(framed)
  payload.copy(framed, confluentHeaderLength)
  return framed
}

/** The inverse, for a message in Confluent framing. */
export function toSingleObject (message: Buffer, fingerprint: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(headerLength + message.length - confluentHeaderLength)
  writeHeader(framed, fingerprint)
  message.copy(framed, headerLength, confluentHeaderLength)
  return framed
}
