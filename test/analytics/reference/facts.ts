import type { BusinessConfig } from '../../../config/businesses.ts'
import type { RawWebhook } from '../../../schemas/raw-webhooks.ts'
import { identities, type KeyOf } from './identities.ts'
import { nectorEvents, type NectorEvent } from './nector-events.ts'
import { netcoreActivities, type Activity } from './netcore-activities.ts'
import { identifiersOf, peopleOf, personOf, type Sighting } from './sightings.ts'
import { least } from './values.ts'
import { dayOf } from './wall-clock.ts'

/** What every view of the reference is computed from. */
export interface Facts {
  readonly businesses: readonly BusinessConfig[]
  readonly webhooks: readonly RawWebhook[]
  readonly events: readonly NectorEvent[]
  readonly activities: readonly Activity[]
  readonly sightings: readonly Sighting[]
  readonly keyOf: KeyOf
  /** The person of an event that tells of one: by any identifier that it carries. */
  readonly customerOf: (event: NectorEvent) => string | null
  /** Day of an instant in the zone of a business. */
  readonly dayIn: (business: string, instant: number) => string
  /** The currency of a business. */
  readonly currencyIn: (business: string) => string
}

export function readFacts (webhooks: readonly RawWebhook[], businesses: readonly BusinessConfig[]): Facts {
  const events = nectorEvents(webhooks)
  const activities = netcoreActivities(webhooks, businesses)
  const sightings = [...events.flatMap(peopleOf), ...activities.flatMap(personOf)]
  const keyOf = identities(sightings, activities)
  const zones = new Map(businesses.map(({ id, timezone }) => [id, timezone]))
  return {
    businesses,
    webhooks,
    events,
    activities,
    sightings,
    keyOf,
    customerOf: (event) => least(peopleOf(event).flatMap(identifiersOf).flatMap((identifier) => keyOf(event.business, identifier) ?? [])),
    currencyIn: (business) => businesses.find(({ id }) => id === business)?.currency ?? '',
    dayIn: (business, instant) => dayOf(instant, zones.get(business) ?? 'UTC')
  }
}
