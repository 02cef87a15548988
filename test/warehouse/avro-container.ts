import avsc from 'avsc'
import type { Schema } from 'avsc'

const string = avsc.Type.forSchema('string')
const long = avsc.Type.forSchema('long')
const sync = Buffer.from('0123456789abcdef')

/** An Avro object container file of one block, with the schema as given (avsc's own writer leaves out logical types). */
export function avroContainer (schema: Schema, rows: readonly unknown[]): Buffer {
  const type = avsc.Type.forSchema(schema, { wrapUnions: true })
  const data = Buffer.concat(rows.map((row) => type.toBuffer(row)))
  const header = [
    Buffer.from('Obj\x01', 'latin1'), long.toBuffer(2),
    string.toBuffer('avro.schema'), string.toBuffer(JSON.stringify(schema)),
    string.toBuffer('avro.codec'), string.toBuffer('null'),
    long.toBuffer(0), sync
  ]
  return Buffer.concat([...header, long.toBuffer(rows.length), long.toBuffer(data.length), data, sync])
}
