import { canonicalText, deterministicId } from '../../../vendors/event-id.ts'
import { happenedAt, type NectorEvent } from './nector-events.ts'
import { groupBy, least, textOf, timeOf, type Payload } from './values.ts'

/** All that was reported of one record of Nector's. */
export interface NectorRecord {
  readonly business: string
  readonly key: string
  readonly events: readonly NectorEvent[]
  readonly latest: NectorEvent
  /** The earliest time that any of its events carries. */
  readonly firstAt: number
}

/** A record is its own id, else its business key, else its content. */
export function recordsOf (
  events: readonly NectorEvent[], topics: readonly string[], businessKey: (payload: Payload) => string | null, changedAt: (event: NectorEvent) => number = happenedAt
): NectorRecord[] {
  const keyOf = ({ payload }: NectorEvent): string => textOf(payload['_id']) ?? businessKey(payload) ?? deterministicId(canonicalText(payload))
  const groups = groupBy(events.filter(({ topic }) => topics.includes(topic)), (event) => `${event.business} ${keyOf(event)}`)
  return [...groups.values()].flatMap((group) => {
    const latest = [...group].sort((a, b) => rankOf(b, changedAt(b)) - rankOf(a, changedAt(a)) || b.receivedAt - a.receivedAt)[0]
    return latest === undefined ? [] : [{ business: latest.business, key: keyOf(latest), events: group, latest, firstAt: least(group.map(changedAt)) ?? 0 }]
  })
}

/** Where an event stands among the reports of its record: an update in whole seconds may be as late as the end of its second. */
export function rankOf (event: NectorEvent, at = happenedAt(event)): number {
  return event.topic.endsWith('_update') && at % 1000 === 0 ? at + 999 : at
}

/** When a record was created: as the last of its events tells it that does, else the earliest time that any of them carries. */
export function createdAt ({ events, firstAt }: NectorRecord): number {
  const telling = events.filter(({ payload }) => timeOf(payload['created_at']) !== null)
  const last = telling.toSorted((a, b) => rankOf(b) - rankOf(a) || b.receivedAt - a.receivedAt)[0]
  return timeOf(last?.payload['created_at']) ?? firstAt
}

/** Several parts as one key; null where one is absent. */
export function joined (...parts: ReadonlyArray<string | null>): string | null {
  return parts.includes(null) ? null : parts.join(':')
}

/** The columns that a view takes from the payload under their own name. */
export function columnsOf (payload: Payload, names: readonly string[], read: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, read(payload[name])]))
}
