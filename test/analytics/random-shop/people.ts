import type { Random } from '../../../simulator/shop/random.ts'
import { sha256 } from '../reference/values.ts'

/** What one person is known by, at either vendor. */
export interface Person {
  readonly lead: string
  readonly customer: string
  readonly email: string
  readonly mobile: string
  readonly device: string
}

/** Few, so that their events collide. */
export function randomPeople (random: Random): readonly Person[] {
  return Array.from({ length: random.integer(3, 5) }, (_, index) => ({
    lead: `lead-${index}`, customer: `70${index}`, email: `p${index}@example.com`, mobile: `98765432${10 + index}`, device: `device-${index}`
  }))
}

/**
 * How people show themselves. `plain`: always with the customer id, and devices are anonymous or known but never both, so that whoever
 * is seen twice is seen to be the same at once; a referral names them by their lead ids alone. `tangled`: any identifiers, at times of two people, on shared devices, in long chains.
 */
export type Identities = 'plain' | 'tangled'

/** One time in some, the value is absent, in one of the ways in which vendors write that. */
export function sometimes<T> (random: Random, probability: number, value: T): T | '' | null | undefined {
  return random.chance(probability) ? value : [undefined, null, '' as const][random.integer(0, 2)]
}

const written = (random: Random, email: string): string => random.pick([email, email.toUpperCase(), ` ${email}`])

const spaced = (random: Random, mobile: string): string => random.pick([mobile, `+${mobile}`, `${mobile.slice(0, 5)} ${mobile.slice(5)}`])

/** The customer fields of a Nector webhook. */
export function userFields (random: Random, people: readonly Person[], person: Person, identities: Identities): Record<string, unknown> {
  const one = (): Person => identities === 'tangled' && random.chance(0.08) ? random.pick(people) : person
  return {
    lead_id: sometimes(random, 0.8, one().lead),
    user_customer_id: identities === 'plain' ? `shopify-${person.customer}` : sometimes(random, 0.3, random.pick(['shopify-', '']) + one().customer),
    user_email: sometimes(random, 0.3, written(random, one().email)),
    user_mobile: sometimes(random, 0.2, spaced(random, one().mobile))
  }
}

/** The identifiers of a lead, which has no lead id of its own. */
export function leadFields (random: Random, people: readonly Person[], person: Person, identities: Identities): Record<string, unknown> {
  const one = (): Person => identities === 'tangled' && random.chance(0.08) ? random.pick(people) : person
  return {
    customer_id: identities === 'plain' ? person.customer : sometimes(random, 0.4, `shopify-${one().customer}`),
    eid: sometimes(random, 0.3, sha256(one().email)),
    email: sometimes(random, 0.5, written(random, person.email)),
    mid: sometimes(random, 0.2, sha256(one().mobile)),
    mobile: sometimes(random, 0.4, spaced(random, person.mobile))
  }
}
