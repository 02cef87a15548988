import type { DeadLetter } from '../schemas/dead-letters.ts'
import type { RawWebhook } from '../schemas/raw-webhooks.ts'
import type { Receipt } from '../schemas/receipts.ts'
import type { EventRecord } from '../schemas/records.ts'
import { letterIdOfBody } from '../vendors/dead-letter-id.ts'
import { readNectorEvent } from '../vendors/nector/event.ts'
import { readNetcoreBatch } from '../vendors/netcore/batch.ts'
import { describeFault, type EventOutcome, type Position, type TypedRecord } from '../vendors/event-outcome.ts'
import type { EventMessages, Outcome } from './outcome.ts'
import type { Sources } from '../vendors/source.ts'

/**
 * Turns one raw record into typed records and dead letters, event by event, so that the caller can do other work in between
 * and need not hold them all; returns the receipt that accounts for them.
 *
 * Pure: equal arguments give equal results. `now` is epoch milliseconds and only dates them. Never throws, whatever a vendor
 * sent.
 */
export function * transformEvents (raw: RawWebhook, position: Position, sources: Sources, now: number): Generator<EventMessages, Receipt> {
  return yield * accountFor(readEvents(raw, position, sources), raw, position, now)
}

function * accountFor (outcomes: Iterable<EventOutcome>, raw: RawWebhook, position: Position, now: number): Generator<EventMessages, Receipt> {
  const eventIds: string[] = []
  const counts: Partial<Record<EventRecord, number>> = {}
  const unreadable: Record<string, number> = {}
  const deadLetterIds: string[] = []
  for (const outcome of outcomes) {
    switch (outcome.kind) {
      case 'records':
        eventIds.push(outcome.eventId)
        for (const { record } of outcome.records) counts[record] = (counts[record] ?? 0) + 1
        for (const field of outcome.unreadable) unreadable[field] = (unreadable[field] ?? 0) + 1
        yield outcome
        break
      case 'dead-letter':
        deadLetterIds.push(outcome.letterId)
        yield { kind: 'dead-letter', letter: deadLetterOf(outcome, raw, position, now) }
        break
    }
  }
  return {
    raw_id: raw.raw_id,
    vendor: raw.vendor,
    business: raw.business,
    source: raw.source,
    topic: raw.topic,
    delivery_id: raw.delivery_id,
    received_at: raw.received_at,
    transformed_at: now,
    raw_topic: position.topic,
    raw_partition: position.partition,
    raw_offset: position.offset,
    event_ids: eventIds,
    records: counts,
    unreadable,
    dead_letters: deadLetterIds.length,
    dead_letter_ids: deadLetterIds
  }
}

/** All results of one raw record at once. */
export function transform (raw: RawWebhook, position: Position, sources: Sources, now: number): Outcome {
  const records: TypedRecord[] = []
  const deadLetters: DeadLetter[] = []
  const events = transformEvents(raw, position, sources, now)
  for (;;) {
    const { done, value } = events.next()
    if (done === true) return { records, deadLetters, receipt: value }
    if (value.kind === 'records') records.push(...value.records)
    else deadLetters.push(value.letter)
  }
}

function * readEvents (raw: RawWebhook, position: Position, sources: Sources): Generator<EventOutcome, void> {
  try {
    switch (raw.vendor) {
      case 'nector': {
        const source = sources.nector.get(raw.source)
        yield source === undefined ? notConfigured(raw) : readNectorEvent(raw, position, source)
        break
      }
      case 'netcore': {
        const source = sources.netcore.get(raw.source)
        if (source === undefined) yield notConfigured(raw)
        else yield * readNetcoreBatch(raw, position, source)
        break
      }
    }
  } catch (error) {
    // A bug of ours: the bytes are kept, and can be replayed after a fix.
    yield { kind: 'dead-letter', letterId: letterIdOfBody(raw), code: 'TRANSFORM_FAILED', reason: describeFault(error), index: -1, payload: raw.body }
  }
}

/** The dead letter and receipt of a raw record that must not be transformed. */
export function * setAside (raw: RawWebhook, position: Position, now: number): Generator<EventMessages, Receipt> {
  const reason = 'expected a webhook that the transform survives, got one on which its thread ended twice'
  return yield * accountFor([{ kind: 'dead-letter', letterId: letterIdOfBody(raw), code: 'TRANSFORM_FAILED', reason, index: -1, payload: raw.body }], raw, position, now)
}

function notConfigured (raw: RawWebhook): EventOutcome {
  return {
    kind: 'dead-letter',
    letterId: letterIdOfBody(raw),
    code: 'SOURCE_NOT_CONFIGURED',
    reason: `expected a ${raw.vendor} source ${raw.source} in CONFIG_FILE, got none; was it removed after the webhook came?`,
    index: -1,
    payload: raw.body
  }
}

function deadLetterOf (outcome: EventOutcome & { kind: 'dead-letter' }, raw: RawWebhook, position: Position, now: number): DeadLetter {
  return {
    dead_letter_id: outcome.letterId,
    vendor: raw.vendor,
    business: raw.business,
    source: raw.source,
    topic: raw.topic,
    delivery_id: raw.delivery_id,
    stage: 'transform',
    code: outcome.code,
    reason: outcome.reason.slice(0, 2000).toWellFormed(),
    received_at: raw.received_at,
    failed_at: now,
    raw_id: raw.raw_id,
    log_topic: position.topic,
    log_partition: position.partition,
    log_offset: position.offset,
    log_index: outcome.index,
    payload: outcome.payload
  }
}
