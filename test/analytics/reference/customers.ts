import type { Facts } from './facts.ts'
import { happenedAt } from './nector-events.ts'
import { identifiersOf, lastSeen, leadTopics } from './sightings.ts'
import { greatest, groupBy, least, textOf, timeOf, timeText, type Row } from './values.ts'

export interface Customer {
  readonly business: string
  readonly key: string
  readonly createdAt: number | null
  readonly lastSeenAt: number | null
  readonly row: Row
}

export function customersOf ({ sightings, events, keyOf, customerOf }: Facts): Customer[] {
  const known = sightings.filter((sighting) => identifiersOf(sighting).length > 0)
  const people = groupBy(known, (sighting) => JSON.stringify([sighting.business, keyOf(sighting.business, identifiersOf(sighting)[0] ?? '')]))
  return [...people].map(([name, seen]) => {
    const [business, key] = JSON.parse(name) as [string, string]
    const reports = events
      .filter((event) => event.business === business && leadTopics.includes(event.topic) && customerOf(event) === key)
      .sort((a, b) => happenedAt(a) - happenedAt(b) || a.receivedAt - b.receivedAt)
    // blanks included: each report carries the whole state
    const last = (field: string): string | null => textOf(reports.at(-1)?.payload[field])
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
        tier: last('tier'),
        type: last('type'),
        referral_code: last('referral_code'),
        referred_by_referral_code: last('referred_by_referral_code'),
        created_at: timeText(createdAt),
        last_seen_at: timeText(lastSeenAt)
      }
    }
  })
}

export function customers (facts: Facts): Row[] {
  return customersOf(facts).map(({ row }) => row)
}
