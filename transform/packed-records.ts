import type { LogRecord } from '../log/log-writer.ts'

/** Values of many records in one buffer, transferable between threads without a copy, and the other properties of each. */
export interface PackedValues {
  readonly bytes: ArrayBuffer
  /** End positions of the values. */
  readonly ends: Uint32Array
}

export interface PackedRecords extends PackedValues {
  readonly topics: readonly string[]
  readonly keys: readonly string[]
  readonly timestamps: Float64Array
}

export function packValues (values: readonly Buffer[]): PackedValues {
  const bytes = new Uint8Array(values.reduce((sum, value) => sum + value.length, 0))
  const ends = new Uint32Array(values.length)
  let end = 0
  values.forEach((value, index) => {
    bytes.set(value, end)
    end += value.length
    ends[index] = end
  })
  return { bytes: bytes.buffer, ends }
}

/** The values are views of the packed bytes. */
export function unpackValues ({ bytes, ends }: PackedValues): readonly Buffer[] {
  let start = 0
  return Array.from(ends, (end) => {
    const value = Buffer.from(bytes, start, end - start)
    start = end
    return value
  })
}

export function packRecords (records: readonly LogRecord[]): PackedRecords {
  return {
    ...packValues(records.map(({ value }) => value)),
    topics: records.map(({ topic }) => topic),
    keys: records.map(({ key }) => key),
    timestamps: Float64Array.from(records, ({ timestamp }) => timestamp)
  }
}

export function unpackRecords (packed: PackedRecords): readonly LogRecord[] {
  const { topics, keys, timestamps } = packed
  return unpackValues(packed).map((value, index) => ({ topic: topics[index] ?? '', key: keys[index] ?? '', timestamp: timestamps[index] ?? 0, value }))
}
