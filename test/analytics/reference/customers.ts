import type { Facts } from './facts.ts'
import { happenedAt, type NectorEvent } from './nector-events.ts'
import { rankOf } from './records.ts'
import { identifiersOf, lastSeen, leadTopics, recordTopics, referralTopics } from './sightings.ts'
import { greatest, groupBy, least, textOf, timeOf, timeText, type Row } from './values.ts'

export interface Customer {
  readonly business: string
  readonly key: string
  readonly createdAt: number | null
  readonly lastSeenAt: number | null
  readonly row: Row
}

export function customersOf ({ sightings, events, personOf, customerOf }: Facts): Customer[] {
  const known = sightings.filter((sighting) => identifiersOf(sighting).length > 0)
  const people = groupBy(known, (sighting) => JSON.stringify([sighting.business, personOf(sighting.business, identifiersOf(sighting))]))
  return [...people].map(([name, seen]) => {
    const [business, key] = JSON.parse(name) as [string, string]
    const reports = events
      .filter((event) => event.business === business && leadTopics.includes(event.topic) && customerOf(event) === key)
      .sort((a, b) => rankOf(a) - rankOf(b) || a.receivedAt - b.receivedAt)
    // blanks included: each report carries the whole state
    const last = (field: string): string | null => textOf(reports.at(-1)?.payload[field])
    const own = events.filter((event) => event.business === business && !referralTopics.includes(event.topic) && customerOf(event) === key)
    const createdAt = least(reports.flatMap(({ payload }) => timeOf(payload['created_at']) ?? []))
    const lastSeenAt = greatest(seen.map(({ seenAt }) => seenAt).filter((at) => at !== 0))
    return {
      business,
      key,
      createdAt,
      lastSeenAt,
      row: {
        business,
        customer_key: key,
        lead_id: lastSeen(seen, 'lead'),
        customer_id: lastSeen(seen, 'customer'),
        email_hash: lastSeen(seen, 'email'),
        mobile_hash: lastSeen(seen, 'mobile'),
        tier: lastNamed(own, 'tier'),
        type: lastNamed(own, 'type'),
        referral_code: last('referral_code'),
        referred_by_referral_code: last('referred_by_referral_code'),
        created_at: timeText(createdAt),
        last_seen_at: timeText(lastSeenAt)
      }
    }
  })
}

/** As any event named it last: a lead's reports blanks included, and preferred at one moment; others where they name it. */
function lastNamed (events: readonly NectorEvent[], name: 'tier' | 'type'): string | null {
  const told = events.flatMap((event) => {
    const { topic, payload } = event
    if (leadTopics.includes(topic)) return [{ rank: [rankOf(event), event.receivedAt], value: textOf(payload[name]) }]
    const isKnown = recordTopics.includes(topic)
    const value = textOf(payload[`user_${name}`]) ?? (isKnown ? null : textOf(payload[name]))
    if (value === null) return []
    const at = timeOf(payload['updated_at']) ?? timeOf(payload['created_at']) ?? (topic === 'coinexpirynotify_create' ? timeOf(payload['wallet_expiry_notify_generated_on']) : null)
    return [{ rank: [at ?? (isKnown ? 0 : happenedAt(event)), 0], value }]
  })
  const [last] = told.sort((a, b) => (b.rank[0] ?? 0) - (a.rank[0] ?? 0) || (b.rank[1] ?? 0) - (a.rank[1] ?? 0) || ((a.value ?? '') < (b.value ?? '') ? 1 : -1))
  return last?.value ?? null
}

export function customers (facts: Facts): Row[] {
  return customersOf(facts).map(({ row }) => row)
}
