import { AppError } from '../runtime/errors.ts'

/** Avro single-object encoding: two marker bytes, the 8-byte fingerprint of the writer schema, the record. */
export const headerLength = 10
const marker = 0xc301

export interface Frame {
  /** The fingerprint as 16 hex digits: names the writer schema. */
  readonly fingerprint: string
  /** The encoded record, a view into the message. */
  readonly payload: Buffer
}

export function writeHeader (target: Buffer, fingerprint: Buffer): void {
  target.writeUInt16BE(marker, 0)
  fingerprint.copy(target, 2)
}

/** Takes the framing off. Throws FRAME_MALFORMED for what is not in single-object encoding. */
export function readFrame (message: Buffer): Frame {
  if (message.length < headerLength || message.readUInt16BE(0) !== marker) {
    throw new AppError('FRAME_MALFORMED', `expected Avro single-object encoding (c301 and a fingerprint), got ${message.length} bytes that begin with ${message.subarray(0, 2).toString('hex') || 'nothing'}`)
  }
  return { fingerprint: message.toString('hex', 2, headerLength), payload: message.subarray(headerLength) }
}
