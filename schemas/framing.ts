import { AppError } from '../runtime/errors.ts'
import { schemaErrors } from './schema-errors.ts'

/** Avro single-object encoding: two marker bytes, the 8-byte fingerprint of the writer schema, the record. */
export const headerLength = 10
const marker = 0xc301
/** Of Confluent framing: a zero byte and a schema id. */
export const confluentHeaderLength = 5

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

/**
 * The id of Confluent framing (a zero byte, the schema's id in a registry as a 4-byte integer, the record); undefined for what is
 * framed otherwise. Registries count from 1: zeros are no framing.
 */
export function schemaIdOf (message: Buffer): number | undefined {
  if (message.length < confluentHeaderLength || message[0] !== 0) return undefined
  const id = message.readInt32BE(1)
  return id > 0 ? id : undefined
}

/**
 * Takes the framing off. Throws FRAME_MALFORMED for what is not in single-object encoding. So it does for Confluent framing, which a log with
 * a registry has taken off (log/confluent/) wherever the registry knows the id.
 */
export function readFrame (message: Buffer): Frame {
  const id = schemaIdOf(message)
  if (id !== undefined) {
    throw new AppError(schemaErrors.FRAME_MALFORMED, `expected Avro single-object encoding, got a message framed for a schema registry, with schema id ${id}, and no registry that knows it; set SCHEMA_REGISTRY_URL to the one that it was written with`)
  }
  if (message.length < headerLength || message.readUInt16BE(0) !== marker) {
    throw new AppError(schemaErrors.FRAME_MALFORMED, `expected Avro single-object encoding (c301 and a fingerprint), got ${message.length} bytes that begin with ${message.subarray(0, 2).toString('hex') || 'nothing'}`)
  }
  return { fingerprint: message.toString('hex', 2, headerLength), payload: message.subarray(headerLength) }
}
