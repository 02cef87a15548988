import { fillBasket } from './basket.ts'
import { creditCoins, debitCoins } from './coins.ts'
import { isoTime } from './formatted-time.ts'
import { placeOrder } from './orders.ts'
import type { Person } from './person.ts'
import { share } from './share.ts'
import { visit } from './visits.ts'
import type { World } from './world.ts'

/** People who may come back; more would only fill memory. */
const regularsLimit = 50_000

/** Who comes to the shop next, and what for. Each arrival causes an event at once. */
export function createArrivals (world: World): () => void {
  const { random } = world
  const regulars: Person[] = []

  function remember (person: Person): void {
    if (regulars.length < regularsLimit) regulars.push(person)
    else regulars[random.integer(0, regularsLimit - 1)] = person
  }

  return () => {
    if (regulars.length < 10 || random.chance(0.3)) {
      const person = world.newPerson()
      remember(person)
      visit(world, person)
      return
    }
    // A few come often and most come seldom.
    const person = regulars[Math.floor(random.next() ** 2 * regulars.length)] ?? random.pick(regulars)
    const member = person.joinedAt !== undefined
    const purpose = random.next()
    if (member && purpose < 0.09) remember(share(world, person))
    else if (member && purpose < 0.12) placeOrder(world, person, fillBasket(random))
    else if (member && purpose < 0.13) adjust(world, person)
    else if (member && purpose < 0.135) campaign(world, person)
    else visit(world, person)
  }
}

/** Support puts right what went wrong. */
function adjust (world: World, person: Person): void {
  const correction = { type: 'adjust', amount: world.random.integer(5, 60), title: 'Adjusted by support' } as const
  if (world.random.chance(0.7) || debitCoins(world, person, correction) === undefined) creditCoins(world, person, correction)
}

/** A trigger that somebody made up in the dashboard: any topic, any fields. */
function campaign (world: World, person: Person): void {
  world.nector('festivegreeting_create', person, {
    entity_id: world.entityId, lead_id: person.leadId, campaign: 'diwali', greeting: 'शुभ दीपावली', steps: [1, 2, { note: '' }], created_at: isoTime(world.now())
  })
}
