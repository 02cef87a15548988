import { z } from 'zod'
import type { EventRecord } from '../../../schemas/records.ts'
import { amount, decimal, isRounded, readText, type Shape } from '../../fields.ts'
import { isPlainObject } from '../../json/json-text.ts'
import { keep, type TextMap } from '../../extra.ts'
import { userFields } from './user-fields.ts'

/** What the headers say of an event. Times are epoch milliseconds. */
export interface NectorHeaders {
  readonly topic: string
  /** x-nector-timestamp: when the webhook was sent. */
  readonly sentAt: number | null
}

/** The fields of a record as read: its own and those of the customer. */
export type Fields<S extends Shape> = { readonly [K in keyof (S & typeof userFields)]: z.output<(S & typeof userFields)[K]> }

/** How one record is read from a payload: a file a record, each a value of this type. */
export interface NectorRecordOptions<S extends Shape> {
  readonly record: EventRecord
  readonly topics: readonly string[]
  /** The payload's own fields. `meta_x` is read from the nested `meta.x`. */
  readonly fields: S
  /** The business key (domain.md, Identity); null where the payload has none, then the content is the key. */
  readonly key: (fields: Fields<S>, payload: Readonly<Record<string, unknown>>) => string | null
  readonly occurredAt: (fields: Fields<S>, headers: NectorHeaders) => number | null
  /** A reason why the fields, each right by itself, are no such event; null where they are. */
  readonly reject?: (fields: Fields<S>, headers: NectorHeaders) => string | null
}

export interface NectorReading {
  readonly key: string | null
  readonly occurredAt: number | null
  readonly createdAt: number | null
  /** The columns of the payload's own fields; the caller's to complete. */
  readonly values: Record<string, unknown>
  readonly extra: TextMap
}

export interface NectorRecord {
  readonly record: EventRecord
  readonly topics: readonly string[]
  /** Reads a payload, or says why it is no such event. */
  readonly read: (payload: Readonly<Record<string, unknown>>, headers: NectorHeaders) => NectorReading | { readonly reason: string }
}

const metaPrefix = 'meta_'

export function nectorRecord<S extends Shape> (options: NectorRecordOptions<S>): NectorRecord {
  const shape = { ...userFields, ...options.fields }
  const schema = z.object(shape)
  const names = Object.keys(shape)
  const topLevel = new Set(names.filter((name) => !name.startsWith(metaPrefix)))
  const ofMeta = new Map(names.filter((name) => name.startsWith(metaPrefix)).map((name) => [name.slice(metaPrefix.length), name]))
  const decimals = Object.entries(shape).filter(([, parser]) => parser === decimal || parser === amount).map(([name]) => name)

  return {
    record: options.record,
    topics: options.topics,
    read (payload, headers) {
      const meta = isPlainObject(payload['meta']) ? payload['meta'] : undefined
      const given: Record<string, unknown> = {}
      for (const name of topLevel) given[name] = payload[name]
      for (const [key, name] of ofMeta) given[name] = meta?.[key]

      const parsed = schema.safeParse(given)
      if (!parsed.success) return { reason: parsed.error.issues.map((issue) => `${pathOf(issue.path)}: ${issue.message}`).join('; ') }
      const fields = parsed.data as unknown as Fields<S>
      const reason = options.reject?.(fields, headers) ?? null
      if (reason !== null) return { reason }

      return {
        key: options.key(fields, payload),
        occurredAt: options.occurredAt(fields, headers),
        createdAt: 'created_at' in fields ? fields['created_at'] as number | null : null,
        values: parsed.data,
        extra: extraOf(payload, meta, given)
      }
    }
  }

  function extraOf (payload: Readonly<Record<string, unknown>>, meta: Readonly<Record<string, unknown>> | undefined, given: Readonly<Record<string, unknown>>): TextMap {
    const extra: TextMap = {}
    for (const [key, value] of Object.entries(payload)) {
      if (!topLevel.has(key) && (key !== 'meta' || meta === undefined)) keep(extra, key, value)
    }
    for (const [key, value] of Object.entries(meta ?? {})) {
      if (!ofMeta.has(key)) keep(extra, `meta.${key}`, value)
    }
    for (const name of decimals) if (isRounded(given[name])) keep(extra, pathOf([name]), given[name])
    return extra
  }
}

function pathOf (path: readonly PropertyKey[]): string {
  const name = path.map(String).join('.')
  return name.startsWith(metaPrefix) ? `meta.${name.slice(metaPrefix.length)}` : name
}

/** A key of several parts; null where one of them is absent. */
export function joinKey (...parts: ReadonlyArray<string | null>): string | null {
  return parts.includes(null) ? null : parts.join(':')
}

/** The record's own id, which most payloads do not have, but which is the best key where they do. */
export function ownId (payload: Readonly<Record<string, unknown>>): string | null {
  return readText(payload['_id'])
}
