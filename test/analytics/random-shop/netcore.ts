import type { Random } from '../../../simulator/shop/random.ts'
import type { NetcoreSourceConfig } from '../../../config/businesses.ts'
import { sometimes, type Person } from './people.ts'
import type { Cast } from './nector.ts'
import { netcoreTime, randomInstant } from './times.ts'

/** Some activity of few people, mostly a step of a funnel. */
export function randomActivity ({ random, people, identities }: Cast, source: NetcoreSourceConfig): Readonly<Record<string, unknown>> {
  const person = random.pick(people)
  const isKnown = random.chance(0.75)
  // a device that is seen with and without an identity only where identities are tangled
  const device = identities === 'tangled' ? random.pick(people).device : isKnown ? `own-${person.device}` : `guest-${person.device}`
  return {
    channel: 'custom_activity',
    msgid: '103',
    webhook_name: sometimes(random, 0.5, 'hook'),
    journey_name: sometimes(random, 0.5, random.pick(['welcome', 'cart'])),
    event_params: {
      ts: sometimes(random, 0.96, netcoreTime(randomInstant(random), source.timezone)),
      activity_id: random.pick([1, '1', 2, 2, '3', 3, 4, 5, 99]),
      identity: isKnown ? identityOf(random, person, source.identity) : '',
      guid: sometimes(random, 0.7, device),
      activity_source: sometimes(random, 0.5, 'web'),
      asset_name: sometimes(random, 0.3, 'shop')
    },
    ...random.pick([{}, { payload_params: { items: [item(random), item(random)] } }, { payload_params: item(random) }, { payload_params: { items: [] } }, { payload_params: { total: 5 } }])
  }
}

function identityOf (random: Random, person: Person, kind: NetcoreSourceConfig['identity']): string {
  // a panel keyed by anything else may be sent an e-mail
  if (kind === 'email' || random.chance(0.1)) return random.pick([person.email, person.email.toUpperCase(), `${person.email} `])
  return kind === 'mobile' ? random.pick([person.mobile, `+${person.mobile}`]) : random.pick([person.customer, `shopify-${person.customer}`])
}

function item (random: Random): Record<string, unknown> {
  return {
    prid_s: random.pick([157, '158']),
    name: sometimes(random, 0.5, 'Board'),
    category_sm: sometimes(random, 0.5, 'lifestyle'),
    prqt_i: sometimes(random, 0.5, random.integer(1, 3)),
    price_f: sometimes(random, 0.5, random.pick([9990.91, '10.5'])),
    currency_s: sometimes(random, 0.5, 'INR')
  }
}
