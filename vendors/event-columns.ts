import type { RawWebhook } from '../schemas/raw-webhook.ts'
import type { Clock } from './local-time.ts'
import type { Position } from './event-outcome.ts'

/** The columns that every event record begins with (design.md, Names in ClickHouse). Times are epoch milliseconds, the day epoch days. */
// an alias, as an interface does not count as a record of unknown values
export type EventColumns = {
  readonly event_id: string
  readonly business: string
  readonly source: string
  readonly topic: string
  readonly delivery_id: string | null
  readonly occurred_at: number
  readonly day: number
  readonly received_at: number
  readonly raw_topic: string
  readonly raw_partition: number
  readonly raw_offset: number
  readonly raw_index: number
}

export interface EventFacts {
  readonly eventId: string
  readonly topic: string
  readonly occurredAt: number
  readonly index: number
}

export function eventColumns (raw: RawWebhook, position: Position, clock: Clock, event: EventFacts): EventColumns {
  return {
    event_id: event.eventId,
    business: raw.business,
    source: raw.source,
    topic: event.topic,
    delivery_id: raw.delivery_id,
    occurred_at: event.occurredAt,
    day: clock.dayOf(event.occurredAt),
    received_at: raw.received_at,
    raw_topic: position.topic,
    raw_partition: position.partition,
    raw_offset: position.offset,
    raw_index: event.index
  }
}
