import type { Activity } from './netcore-activities.ts'
import { identifiersOf, type Sighting } from './sightings.ts'
import { groupBy, least } from './values.ts'

/** Of a business. */
export interface Identities {
  /** The customer key of an identifier; null where it was never seen. */
  keyOf (business: string, identifier: string): string | null
  /** The customer key of whom several identifiers name, best first: by the first that leads to one person. */
  personOf (business: string, identifiers: readonly string[]): string | null
}

/**
 * An identifier that was seen with one customer id is that customer's; with several it is nobody's and ties nothing. Those that were seen with
 * none are one person with those of them that they were seen with, directly or through any number of others: the one customer that any of
 * them was seen with through another identifier, else named after the least of them. A device is the person's with the least key of all
 * whom it was seen with, and makes no two people one.
 */
export function identities (sightings: readonly Sighting[], activities: readonly Activity[]): Identities {
  const sets = sightings.map((sighting) => identifiersOf(sighting).map((identifier) => `${sighting.business} ${identifier}`))
  const isCustomer = (name: string): boolean => name.includes(' customer:')
  const customersOf = new Map<string, Set<string>>()
  for (const names of sets) for (const name of names) customersOf.set(name, new Set([...customersOf.get(name) ?? [], ...names.filter(isCustomer)]))
  const countOf = (name: string): number => customersOf.get(name)?.size ?? 0

  const groupOf = new Map<string, Set<string>>()
  for (const names of sets) {
    const free = names.filter((name) => countOf(name) === 0)
    const merged = new Set(free.flatMap((name) => [...groupOf.get(name) ?? [name]]))
    for (const name of merged) groupOf.set(name, merged)
  }
  const reached = (group: Set<string>): Set<string> => new Set(sets
    .filter((names) => names.some((name) => group.has(name)))
    .flatMap((names) => names.filter((name) => !isCustomer(name) && countOf(name) === 1).flatMap((name) => [...customersOf.get(name) ?? []])))
  const nameOf = (name: string): string | null => {
    const [customer] = customersOf.get(name) ?? []
    if (countOf(name) > 0) return isCustomer(name) || countOf(name) > 1 ? name : customer ?? null
    const group = groupOf.get(name)
    if (group === undefined) return null
    const [only, ...others] = reached(group)
    return only !== undefined && others.length === 0 ? only : least([...group])
  }
  const keyOf = (name: string): string | null => {
    const key = nameOf(name)
    return key === null ? null : key.slice(key.indexOf(' ') + 1)
  }

  const owners = new Map<string, string | null>()
  for (const [device, seen] of groupBy(activities.filter(({ guid, identifier }) => guid !== null && identifier !== null), ({ business, guid }) => `${business} visitor:${guid}`)) {
    owners.set(device, least(seen.flatMap(({ business, identifier }) => keyOf(`${business} ${identifier}`) ?? [])))
  }
  return {
    keyOf: (business, identifier) => keyOf(`${business} ${identifier}`) ?? owners.get(`${business} ${identifier}`) ?? null,
    personOf (business, identifiers) {
      const usable = identifiers.find((identifier) => identifier.startsWith('customer:') || countOf(`${business} ${identifier}`) < 2) ?? identifiers[0]
      return usable === undefined ? null : keyOf(`${business} ${usable}`)
    }
  }
}
