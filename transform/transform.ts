import type { DeadLetter } from '../schemas/dead-letter.ts'
import type { RawWebhook } from '../schemas/raw-webhook.ts'
import type { EventRecord } from '../schemas/records.ts'
import { deterministicId } from './event-id.ts'
import { readNectorEvent } from './nector/nector-event.ts'
import { describe, readNetcoreBatch } from './netcore/batch.ts'
import type { EventOutcome, Outcome, Position, TypedRecord } from './outcome.ts'
import type { Sources } from './source.ts'

/**
 * Turns one raw record into typed records, dead letters and the receipt that accounts for both.
 *
 * Pure: the same arguments give the same outcome. `now` is epoch milliseconds and only dates the outcome. Never throws,
 * whatever a vendor sent.
 */
export function transform (raw: RawWebhook, position: Position, sources: Sources, now: number): Outcome {
  const outcomes = readEvents(raw, position, sources)
  const records: TypedRecord[] = []
  const deadLetters: DeadLetter[] = []
  const eventIds: string[] = []
  const counts: Partial<Record<EventRecord, number>> = {}
  for (const outcome of outcomes) {
    switch (outcome.kind) {
      case 'records':
        eventIds.push(outcome.eventId)
        for (const record of outcome.records) {
          records.push(record)
          counts[record.record] = (counts[record.record] ?? 0) + 1
        }
        break
      case 'dead-letter':
        deadLetters.push(deadLetterOf(outcome, raw, position, now))
        break
    }
  }
  return {
    records,
    deadLetters,
    receipt: {
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
      dead_letters: deadLetters.length
    }
  }
}

function readEvents (raw: RawWebhook, position: Position, sources: Sources): readonly EventOutcome[] {
  try {
    switch (raw.vendor) {
      case 'nector': {
        const source = sources.nector.get(raw.source)
        return source === undefined ? [notConfigured(raw)] : [readNectorEvent(raw, position, source)]
      }
      case 'netcore': {
        const source = sources.netcore.get(raw.source)
        return source === undefined ? [notConfigured(raw)] : readNetcoreBatch(raw, position, source)
      }
    }
  } catch (error) {
    // A fault of ours: the bytes are kept and can be replayed once it is mended.
    return [{ kind: 'dead-letter', code: 'TRANSFORM_FAILED', reason: describe(error), index: -1, payload: raw.body }]
  }
}

function notConfigured (raw: RawWebhook): EventOutcome {
  return {
    kind: 'dead-letter',
    code: 'SOURCE_NOT_CONFIGURED',
    reason: `expected a ${raw.vendor} source ${raw.source} in CONFIG_FILE, got none; was it removed after the webhook came?`,
    index: -1,
    payload: raw.body
  }
}

function deadLetterOf (outcome: EventOutcome & { kind: 'dead-letter' }, raw: RawWebhook, position: Position, now: number): DeadLetter {
  return {
    dead_letter_id: deterministicId('transform', raw.raw_id, String(outcome.index), outcome.code),
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
