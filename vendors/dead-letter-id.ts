import { hash } from 'node:crypto'
import type { RawWebhook } from '../schemas/raw-webhooks.ts'
import { canonicalText, deterministicId } from './event-id.ts'

/**
 * The id of a dead letter comes from source and content alone: not from the delivery, its offset, or the error. So
 * one bad event is one dead letter, however often it is sent or transformed; later ones count as duplicates (receipts name them all).
 */
const kind = 'dead-letter'

type Origin = Pick<RawWebhook, 'vendor' | 'source' | 'topic' | 'body'>

/** For a webhook without a readable event: hashes its bytes. */
export function letterIdOfBody ({ vendor, source, topic, body }: Origin): string {
  return deterministicId(kind, vendor, source, topic ?? '', 'bytes', hash('sha256', body))
}

/** For an event that parses as JSON: equal content gives an equal id, as with event ids. `panel` is Netcore's; '' if there is none. */
export function letterIdOfContent (raw: Origin, panel: string, content: unknown, index: number): string {
  try {
    return deterministicId(kind, raw.vendor, raw.source, raw.topic ?? '', 'content', panel, canonicalText(content))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    // nested too deep for canonical text: the bytes of the webhook, and the index of the event
    return deterministicId(letterIdOfBody(raw), String(index))
  }
}

/** For an activity too large or too deep to be sorted: hashes the bytes of its JSON, or, without those, the webhook and the index. */
export function letterIdOfBytes (raw: Origin, panel: string, payload: Buffer, index: number): string {
  return payload.length === 0
    ? deterministicId(letterIdOfBody(raw), String(index))
    : deterministicId(kind, raw.vendor, raw.source, raw.topic ?? '', 'bytes', panel, hash('sha256', payload))
}

/** For a record in a raw topic that is no raw webhook: only topic and bytes are known. */
export function letterIdOfRecord (topic: string, value: Buffer): string {
  return deterministicId(kind, 'record', topic, hash('sha256', value))
}
