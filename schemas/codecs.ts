import { createCodec, type Codec } from './codec.ts'
import type { RecordDefinition } from './define/record.ts'
import { records, type RecordName, type RowOf } from './records.ts'

/** The codec of every record. */
export const codecs = Object.fromEntries(Object.entries(records).map(([name, definition]) => [name, createCodec(definition as RecordDefinition)])) as unknown as { readonly [R in RecordName]: Codec<RowOf<R>> }
