import type { Row, SentRow } from '../../../schemas/define/field.ts'
import type { nectorColumns, personColumns as columnsOfPerson, userFields } from '../../../schemas/nector-columns.ts'
import { records, type EventRecord, type RowOf } from '../../../schemas/records.ts'
import type { TypedRecord } from '../../event-outcome.ts'
import type { EventColumns } from '../../event-columns.ts'
import { readText } from '../../fields.ts'
import { personOf, type Person, type PersonAsSent } from '../../identifiers.ts'
import { payloadReader, type Payload, type Unreadable } from '../../payload-reader.ts'
import type { NectorSource } from '../../source.ts'

/** The headers of an event. Times are epoch milliseconds. */
export interface NectorHeaders {
  readonly topic: string
  /** x-nector-timestamp: when the webhook was sent. */
  readonly sentAt: number | null
}

/** Records that report the state of something, under a key of their own. */
export type NectorRecordName = { [R in EventRecord]: keyof typeof nectorColumns extends keyof RowOf<R> ? R : never }[EventRecord]

/** The fields of a record and of the customer, by name. */
export type NectorRow<R extends NectorRecordName> = SentRow<typeof records[R]['fields']> & SentRow<typeof userFields> & {
  readonly lead_id?: string | null
  readonly created_at?: number | null
}

/** The mapping of one record: one file per record, each a value of this type. */
export interface NectorRecordOptions<R extends NectorRecordName> {
  readonly record: R
  readonly topics: readonly string[]
  /** The business key (domain.md, Identity); null if the payload has none, then the content is the key. */
  readonly key: (row: NectorRow<R>, payload: Payload) => string | null
  readonly occurredAt: (row: NectorRow<R>, headers: NectorHeaders) => number | null
  /** Why the fields are no such event, as one is missing without which it means nothing; null if they are. */
  readonly reject?: (row: NectorRow<R>, headers: NectorHeaders, unreadable: readonly Unreadable[]) => string | null
  /** The person, if not the customer of the common fields with `lead_id`. */
  readonly person?: (row: NectorRow<R>) => PersonAsSent
  /** Columns of this record that no vendor sends. */
  readonly derive?: (row: NectorRow<R>, source: NectorSource) => Partial<RowOf<R>>
}

export interface NectorReading {
  readonly key: string | null
  readonly occurredAt: number | null
  readonly createdAt: number | null
  /** Fields whose value could not be read, such as `orders.updated_at`. */
  readonly unreadable: readonly string[]
  /** The row, given the event's own columns. */
  complete (columns: EventColumns, state: { readonly record_key: string, readonly created_day: number | null }): TypedRecord
}

export interface NectorRecord {
  readonly topics: readonly string[]
  /** Reads a payload, or says why it is no such event. */
  readonly read: (payload: Payload, headers: NectorHeaders, source: NectorSource) => NectorReading | { readonly reason: string }
}

export function nectorRecord<R extends NectorRecordName> (options: NectorRecordOptions<R>): NectorRecord {
  const { record, topics } = options
  const read = payloadReader(records[record].fields)
  return {
    topics,
    read (payload, headers, source) {
      const reading = read(payload)
      const row = reading.row as NectorRow<R>
      const reason = options.reject?.(row, headers, reading.unreadable) ?? null
      if (reason !== null) return { reason }
      return {
        key: options.key(row, payload),
        occurredAt: options.occurredAt(row, headers),
        createdAt: row.created_at ?? null,
        unreadable: reading.unreadable.map(({ path }) => `${record}.${path}`),
        complete (columns, state) {
          const person = personColumns(personOf(options.person?.(row) ?? customerOf(row), source))
          // Object.assign: spreading this many fields is fifty times slower.
          const value = Object.assign(reading.row, columns, state, person)
          Object.assign(value, options.derive?.(row, source), { extra: reading.extra })
          // every column of a Nector record is one of these; the compiler cannot follow that through a generic record
          return { record, key: state.record_key, value } as unknown as TypedRecord
        }
      }
    }
  }
}

function customerOf (row: SentRow<typeof userFields> & { readonly lead_id?: string | null }): PersonAsSent {
  return { customerId: row.user_customer_id, email: row.user_email, mobile: row.user_mobile, leadId: row.lead_id ?? null }
}

export function personColumns ({ shopCustomerId, emailHash, mobileHash, identifiers }: Person): Row<typeof columnsOfPerson> {
  return { shop_customer_id: shopCustomerId, email_hash: emailHash, mobile_hash: mobileHash, identifiers }
}

/** A composite key; null if a part is absent. */
export function joinKey (...parts: ReadonlyArray<string | null>): string | null {
  return parts.includes(null) ? null : parts.join(':')
}

/** The record's own id: the best key, where the payload has one. */
export function ownId (payload: Payload): string | null {
  return readText(payload['_id'])
}
