import { confluentHeaderLength, headerLength, readFrame, writeHeader } from '../../schemas/framing.ts'

/** What Confluent framing puts before a record of the schema: a zero byte and the id. */
export function confluentHeader (id: number): Buffer {
  const header = Buffer.alloc(confluentHeaderLength)
  header.writeInt32BE(id, 1)
  return header
}

/**
 * The message with Confluent framing in place of single-object encoding, in memory of its own. The record is copied, not decoded.
 * `headerOf` is asked with the fingerprint of the writer schema. Throws what readFrame does.
 */
export function toConfluent (message: Buffer, headerOf: (fingerprint: string) => Buffer): Buffer {
  const { fingerprint, payload } = readFrame(message)
  const framed = Buffer.allocUnsafe(confluentHeaderLength + payload.length)
  headerOf(fingerprint).copy(framed)
  payload.copy(framed, confluentHeaderLength)
  return framed
}

/** The other way round, for a message that is in Confluent framing. */
export function toSingleObject (message: Buffer, fingerprint: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(headerLength + message.length - confluentHeaderLength)
  writeHeader(framed, fingerprint)
  message.copy(framed, headerLength, confluentHeaderLength)
  return framed
}
