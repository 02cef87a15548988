import type { BusinessConfig } from '../../../config/businesses.ts'
import type { RawWebhook } from '../../../schemas/raw-webhooks.ts'
import { identities, type Identities } from './identities.ts'
import { nectorEvents, type NectorEvent } from './nector-events.ts'
import { netcoreActivities, type Activity } from './netcore-activities.ts'
import { identifiersOf, peopleOf, sightingOf, type Sighting } from './sightings.ts'
import { dayOf } from './wall-clock.ts'

/** What every view of the reference is computed from. */
export interface Facts extends Identities {
  readonly businesses: readonly BusinessConfig[]
  readonly webhooks: readonly RawWebhook[]
  readonly events: readonly NectorEvent[]
  readonly activities: readonly Activity[]
  readonly sightings: readonly Sighting[]
  /** The person of an event that tells of one. */
  readonly customerOf: (event: NectorEvent) => string | null
  /** Day of an instant in the zone of a business. */
  readonly dayIn: (business: string, instant: number) => string
  /** The currency of a business. */
  readonly currencyIn: (business: string) => string
}

export function readFacts (webhooks: readonly RawWebhook[], businesses: readonly BusinessConfig[]): Facts {
  const events = nectorEvents(webhooks)
  const activities = netcoreActivities(webhooks, businesses)
  const sightings = [...events.flatMap(peopleOf), ...activities.flatMap(sightingOf)]
  const { keyOf, personOf } = identities(sightings, activities)
  const zones = new Map(businesses.map(({ id, timezone }) => [id, timezone]))
  return {
    businesses,
    webhooks,
    events,
    activities,
    sightings,
    keyOf,
    personOf,
    customerOf: (event) => personOf(event.business, peopleOf(event).flatMap(identifiersOf)),
    currencyIn: (business) => businesses.find(({ id }) => id === business)?.currency ?? '',
    dayIn: (business, instant) => dayOf(instant, zones.get(business) ?? 'UTC')
  }
}
