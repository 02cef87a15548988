import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import avsc, { type Schema, type Type } from 'avsc'
import { AppError } from '../runtime/errors.ts'
import { packageRoot } from '../runtime/package-root.ts'
import { crc64Avro } from './crc64-avro.ts'
import { headerLength, readFrame, writeHeader } from './framing.ts'
import { avroSchema } from './define/avro-schema.ts'
import type { Fields, Row } from './define/field.ts'
import type { RecordDefinition } from './define/record.ts'
import { schemaErrors } from './schema-errors.ts'

/** A writer schema that messages of the log may carry. */
export interface WriterSchema {
  readonly fingerprint: string
  /** The schema as JSON, with its logical types: what the header of an Avro container needs. */
  readonly json: string
  readonly fields: readonly string[]
}

/** Encodes and decodes the messages of one record. */
export interface Codec<T> {
  /** Framed in single-object encoding. */
  encode (value: T): Buffer
  /** Reads a message of the present schema or of a released earlier one. Throws FRAME_MALFORMED, SCHEMA_UNKNOWN or RAW_RECORD_UNREADABLE. */
  decode (message: Buffer): T
  /** By fingerprint: the present schema and every released one. */
  readonly writerSchemas: ReadonlyMap<string, WriterSchema>
  readonly current: WriterSchema
  /** A reader of some fields of an encoded record without its framing, given the fingerprint of its writer schema. */
  select (names: readonly string[]): (payload: Buffer, fingerprint: string) => Readonly<Record<string, unknown>>
}

const releasedFolder = join(packageRoot, 'schemas/released')

/** The codec of a record, of the schema that its definition gives now. */
export function createCodec<F extends Fields> (definition: RecordDefinition<F>): Codec<Row<F>> {
  const record = definition.name
  const current = parse(avroSchema(definition))
  const released = releasedFiles(record).map((file) => parse(JSON.parse(readFileSync(join(releasedFolder, file), 'utf8')) as Schema))
  const known = new Map([...released, current].map((schema) => [schema.writer.fingerprint, schema]))
  const resolvers = new Map([...known].map(([fingerprint, { type }]) => [fingerprint, current.type.createResolver(type)]))
  const fingerprint = Buffer.from(current.writer.fingerprint, 'hex')
  let scratch = Buffer.allocUnsafe(64 * 1024)

  function select (names: readonly string[]): (payload: Buffer, fingerprint: string) => Readonly<Record<string, unknown>> {
    const whole = avroSchema(definition) as avsc.schema.RecordType
    const part = parse({ ...whole, fields: whole.fields.filter(({ name }) => names.includes(name)) })
    const partial = new Map([...known].map(([key, { type }]) => [key, part.type.createResolver(type)]))
    return (payload, key) => part.type.fromBuffer(payload, partial.get(key)) as Readonly<Record<string, unknown>>
  }

  return {
    select,
    current: current.writer,
    writerSchemas: new Map([...known].map(([key, { writer }]) => [key, writer])),
    encode (value) {
      let end = current.type.encode(value, scratch, headerLength)
      if (end < 0) {
        scratch = Buffer.allocUnsafe(2 * (scratch.length - end))
        end = current.type.encode(value, scratch, headerLength)
      }
      const message = Buffer.allocUnsafe(end)
      writeHeader(message, fingerprint)
      scratch.copy(message, headerLength, headerLength, end)
      return message
    },
    decode (message) {
      const frame = readFrame(message)
      const writer = known.get(frame.fingerprint)
      if (writer === undefined) throw new AppError(schemaErrors.SCHEMA_UNKNOWN, `expected a released schema of ${record}, got fingerprint ${frame.fingerprint}; was it written by a newer version?`)
      try {
        return writer.type.fromBuffer(frame.payload, resolvers.get(frame.fingerprint)) as Row<F>
      } catch (cause) {
        throw new AppError(schemaErrors.RAW_RECORD_UNREADABLE, `expected a ${record} record in Avro, got ${frame.payload.length} bytes that are not one`, { cause })
      }
    }
  }
}

/** File names of the released schemas of a record, oldest first: `orders.1.avsc`, `orders.2.avsc`, … */
export function releasedFiles (record: string): readonly string[] {
  const version = (file: string): number => Number(file.split('.')[1])
  return readdirSync(releasedFolder)
    .filter((file) => file.split('.')[0] === record)
    .sort((a, b) => version(a) - version(b))
}

/** What single-object encoding names a writer schema by: 8 bytes. */
export function fingerprintOf (type: Pick<Type, 'schema'>): Buffer {
  // type.schema() is the parsing canonical form of the specification, which has no logical types, documentation or defaults
  return crc64Avro(JSON.stringify(type.schema()))
}

function parse (schema: Schema): { readonly writer: WriterSchema, readonly type: Type } {
  const type = avsc.Type.forSchema(schema) as avsc.types.RecordType
  return {
    type,
    writer: {
      fingerprint: fingerprintOf(type).toString('hex'),
      json: JSON.stringify(schema),
      fields: type.fields.map(({ name }) => name)
    }
  }
}
