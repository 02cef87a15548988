import type { EventRecord, RowOf } from '../schemas/records.ts'

/** The offset of a raw record in the log. */
export interface Position {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/** One Avro record: a row, by field. Decimals are Avro bytes, times epoch milliseconds, dates epoch days. */
export type TypedRecordOf<R extends EventRecord> = {
  readonly record: R
  /** Records of one key keep their order. */
  readonly key: string
  readonly value: RowOf<R>
}
export type TypedRecord = { [R in EventRecord]: TypedRecordOf<R> }[EventRecord]

/** The outcome of one event of a webhook. */
export type EventOutcome =
  | {
    readonly kind: 'records'
    readonly eventId: string
    readonly records: readonly TypedRecord[]
    /** Fields whose value could not be read, such as `orders.updated_at`; once for each value. */
    readonly unreadable: readonly string[]
  }
  | { readonly kind: 'dead-letter', readonly letterId: string, readonly code: string, readonly reason: string, readonly index: number, readonly payload: Buffer }

/** The reason of a TRANSFORM_FAILED. */
export function describeFault (error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
