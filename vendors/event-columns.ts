import type { Row } from '../schemas/define/field.ts'
import type { eventColumns as columns } from '../schemas/event-columns.ts'
import type { RawWebhook } from '../schemas/raw-webhooks.ts'
import type { Clock } from './local-time.ts'
import type { Position } from './event-outcome.ts'

/** The first columns of every event record (design.md, Names in ClickHouse). */
export type EventColumns = Row<typeof columns>

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
