import type { Person } from './person.ts'
import type { Random } from './random.ts'
import type { ShopSources, Steps } from './shop-sources.ts'
import type { LocalClock } from './local-clock.ts'
import type { Payload } from '../webhook.ts'

/** What the parts of the simulation act on. Nothing else happens in it: no clock, no network, no other source of chance. */
export interface World {
  readonly random: Random
  readonly sources: ShopSources
  readonly steps: Steps
  /** Nector's id of the business, sent as entity_id. */
  readonly entityId: string
  readonly shopUri: string
  /** Of the Netcore source. */
  readonly clock: LocalClock
  /** Simulated epoch milliseconds. */
  now (): number
  /** Runs the action after a simulated time; days become minutes where the simulation is live. */
  later (delay: number, action: () => void): void
  newPerson (): Person
  /** 1, 2, 3, …: orders are numbered. */
  nextOrder (): number
  /** Something happened at Nector that it tells of. */
  nector (topic: string, person: Person, payload: Payload): void
  /** A person did something that Netcore tells of. */
  activity (person: Person, activity: Activity): void
}

export interface Activity {
  readonly activityId: string
  readonly step: string
  readonly panel: string
  /** Not everybody who visits has logged in. */
  readonly known: boolean
  readonly content: Payload
}
