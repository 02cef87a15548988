import type { Activity } from './netcore-activities.ts'
import { identifiersOf, type Sighting } from './sightings.ts'
import { groupBy, least } from './values.ts'

/** The customer key of an identifier of a business; null where it was never seen. */
export type KeyOf = (business: string, identifier: string) => string | null

/**
 * Identifiers that were ever seen together, directly or through any number of others, are one person, named after the least of them. A
 * device is the person's with the least key of all whom it was seen with, and makes no two people one.
 */
export function identities (sightings: readonly Sighting[], activities: readonly Activity[]): KeyOf {
  const groupOf = new Map<string, Set<string>>()
  for (const sighting of sightings) {
    const names = identifiersOf(sighting).map((identifier) => `${sighting.business} ${identifier}`)
    const merged = new Set(names.flatMap((name) => [...groupOf.get(name) ?? [name]]))
    for (const name of merged) groupOf.set(name, merged)
  }
  const keyOf = (name: string): string | null => {
    const key = least([...groupOf.get(name) ?? []])
    return key === null ? null : key.slice(key.indexOf(' ') + 1)
  }

  const owners = new Map<string, string | null>()
  for (const [device, seen] of groupBy(activities.filter(({ guid, identifier }) => guid !== null && identifier !== null), ({ business, guid }) => `${business} visitor:${guid}`)) {
    owners.set(device, least(seen.flatMap(({ business, identifier }) => keyOf(`${business} ${identifier}`) ?? [])))
  }
  return (business, identifier) => keyOf(`${business} ${identifier}`) ?? owners.get(`${business} ${identifier}`) ?? null
}
