import type { Schema } from 'avsc'
import { decimalPrecision, decimalScale } from '../decimal.ts'
import type { Kind } from './field.ts'
import type { RecordDefinition } from './record.ts'

const uuid = { type: 'string', logicalType: 'uuid' }
const exact = { type: 'bytes', logicalType: 'decimal', precision: decimalPrecision, scale: decimalScale }

const types: Readonly<Record<Kind, unknown>> = {
  text: 'string',
  keyword: 'string',
  decimal: exact,
  amount: exact,
  integer: 'long',
  int: 'int',
  long: 'long',
  boolean: 'boolean',
  timestamp: { type: 'long', logicalType: 'timestamp-millis' },
  date: { type: 'int', logicalType: 'date' },
  uuid,
  uuids: { type: 'array', items: uuid },
  texts: { type: 'array', items: 'string' },
  map: { type: 'map', values: 'string' },
  counts: { type: 'map', values: 'int' },
  bytes: 'bytes'
}

/** The Avro schema of a record: its `.avsc`. */
export function avroSchema ({ name, meaning, fields }: RecordDefinition): Schema {
  return {
    type: 'record',
    name,
    namespace: 'loyalty',
    doc: meaning,
    fields: Object.entries(fields).map(([field, { kind, nullable, meaning: doc }]) =>
      nullable ? { name: field, type: ['null', types[kind]], default: null, doc } : { name: field, type: types[kind], doc })
  } as Schema
}
