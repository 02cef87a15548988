import { fillBasket, type Basket } from './basket.ts'
import { describeActivity } from './activities.ts'
import { hour, second } from '../durations.ts'
import { join } from './leads.ts'
import { placeOrder } from './orders.ts'
import type { Person } from './person.ts'
import type { Step } from './shop-sources.ts'
import type { World } from './world.ts'

export interface VisitOptions {
  /** Above 1 for who came with an intent to buy. */
  readonly interest?: number
  readonly journey?: string
  /** Step of the funnel to begin at, with the basket of an earlier visit. */
  readonly resume?: { readonly index: number, readonly basket: Basket }
}

const journeys = ['Browse abandonment', 'Festive sale', 'New arrivals', 'Win-back', 'Weekly digest'] as const
/** Share of visitors who go on to the next step, the first to the second and so on; later steps as the last. */
const goesOn = [0.46, 0.55, 0.66] as const

/** A person looks around and walks the funnel as far as interest lasts. At once does at least one thing that Netcore tells of. */
export function visit (world: World, person: Person, { interest = 1, journey = world.random.pick(journeys), resume }: VisitOptions = {}): void {
  const { random, steps: { funnel, asides } } = world
  const basket = resume?.basket ?? fillBasket(random)
  const known = person.joinedAt !== undefined || random.chance(0.9)
  const act = (step: Step): void => {
    world.activity(person, describeActivity(world, person, { step, basket, journey, known, isPurchase: step === funnel.at(-1) }))
  }
  const lookAround = (times: number): void => {
    if (times === 0 || asides.length === 0) return walk(resume?.index ?? 0)
    act(random.pick(asides))
    world.later(random.between(3, 40) * second, () => { lookAround(times - 1) })
  }

  function walk (index: number): void {
    const step = funnel[index]
    if (step === undefined) return
    act(step)
    if (index === funnel.length - 1) {
      // A funnel of a single step is no sign that somebody buys.
      if (funnel.length > 1 || random.chance(0.1)) world.later(random.between(1, 6) * second, () => { buy(world, person, basket) })
    } else if (random.chance(Math.min(0.95, interest * (goesOn[index] ?? 0.66)))) {
      world.later(random.between(8, 180) * second, () => { walk(index + 1) })
    } else if (index > 0 && known && random.chance(0.25)) {
      // Who left a full cart is reminded, and comes back to where it was left.
      world.later(random.between(1, 20) * hour, () => { visit(world, person, { interest: 1.2, journey: 'Abandoned cart reminder', resume: { index, basket } }) })
    }
  }

  if (known && random.chance(0.4)) world.later(random.between(5, 60) * second, () => { join(world, person) })
  lookAround(resume === undefined && random.chance(0.6) ? random.integer(1, 3) : 0)
}

/** Most who buy join the programme with the purchase; of the others Nector knows nothing. */
function buy (world: World, person: Person, basket: Basket): void {
  if (person.joinedAt === undefined && world.random.chance(0.8)) join(world, person)
  if (person.joinedAt !== undefined) placeOrder(world, person, basket)
}
