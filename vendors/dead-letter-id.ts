import { hash } from 'node:crypto'
import type { RawWebhook } from '../schemas/raw-webhooks.ts'
import { canonicalText, deterministicId } from './event-id.ts'

/**
 * The id of a dead letter comes from its source and its content alone: not from the delivery, its place in the log, or what was wrong with it. So
 * one bad event is one dead letter, however often it is sent or transformed; the later ones are duplicates (receipts name them all).
 */
const kind = 'dead-letter'

type Origin = Pick<RawWebhook, 'vendor' | 'source' | 'topic' | 'body'>

/** Of a webhook that no event can be read from: its bytes count. */
export function letterIdOfBody ({ vendor, source, topic, body }: Origin): string {
  return deterministicId(kind, vendor, source, topic ?? '', 'bytes', hash('sha256', body))
}

/** Of an event that could be read as JSON: equal content is the same event, as with event ids. `panel` is Netcore's; '' where there is none. */
export function letterIdOfContent (raw: Origin, panel: string, content: unknown, index: number): string {
  try {
    return deterministicId(kind, raw.vendor, raw.source, raw.topic ?? '', 'content', panel, canonicalText(content))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    // nested too deep for a canonical text: the bytes of the webhook, and which of its events
    return deterministicId(letterIdOfBody(raw), String(index))
  }
}

/** Of an activity that is too large or nested too deep to be sorted: the bytes of its JSON count; where even those cannot be had, the webhook and its place. */
export function letterIdOfBytes (raw: Origin, panel: string, payload: Buffer, index: number): string {
  return payload.length === 0
    ? deterministicId(letterIdOfBody(raw), String(index))
    : deterministicId(kind, raw.vendor, raw.source, raw.topic ?? '', 'bytes', panel, hash('sha256', payload))
}

/** Of a record in a raw topic that is no webhook: all that is known is the topic and the bytes. */
export function letterIdOfRecord (topic: string, value: Buffer): string {
  return deterministicId(kind, 'record', topic, hash('sha256', value))
}
