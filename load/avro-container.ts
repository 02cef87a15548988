import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { WriterSchema } from '../schemas/codec.ts'

/** An Avro object container of encoded records: header, one block, sync marker (Avro specification, Object Container Files). */
export function avroContainer (schema: WriterSchema, payloads: readonly Buffer[]): Readable {
  const { bytes, sync } = headerOf(schema)
  const length = payloads.reduce((sum, payload) => sum + payload.length, 0)
  const block = Buffer.concat([bytes, long(payloads.length), long(length), ...payloads, sync])
  return Readable.from([block], { objectMode: false })
}

interface Header {
  readonly bytes: Buffer
  readonly sync: Buffer
}

const headers = new WeakMap<WriterSchema, Header>()

function headerOf (schema: WriterSchema): Header {
  const known = headers.get(schema)
  if (known !== undefined) return known
  // Any 16 bytes serve as sync marker; constant ones make the container of a block identical at every attempt.
  const sync = createHash('md5').update(schema.json).digest()
  const metadata = [text('avro.schema'), text(schema.json), text('avro.codec'), text('null')]
  const header = { bytes: Buffer.concat([Buffer.from('Obj\x01'), long(2), ...metadata, long(0), sync]), sync }
  headers.set(schema, header)
  return header
}

function text (value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([long(bytes.length), bytes])
}

/** Avro's variable-length zig-zag integer, for non-negative numbers. */
function long (value: number): Buffer {
  const bytes: number[] = []
  let rest = BigInt(value) << 1n
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Buffer.from(bytes)
}
