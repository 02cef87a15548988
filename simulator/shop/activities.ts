import type { Basket, Line } from './basket.ts'
import { searchTerms } from './catalogue.ts'
import type { Person } from './person.ts'
import type { Step } from './shop-sources.ts'
import type { Payload } from '../webhook.ts'
import type { Activity, World } from './world.ts'
import { second } from '../durations.ts'

export interface ActivityOptions {
  readonly step: Step
  readonly basket: Basket
  readonly journey: string
  readonly known: boolean
  readonly isPurchase: boolean
}

/** An activity as a journey of Netcore's sends it, a panel for the website and one for the app. */
export function describeActivity (world: World, person: Person, { step, basket, journey, known, isPurchase }: ActivityOptions): Activity {
  const { activityId, name } = step
  // Equal activities of one person in one second would be one event, as `ts` is all that tells them apart.
  person.lastActivity = Math.max(Math.floor(world.now() / second), person.lastActivity + 1)
  const assetName = `${journey} webhook`
  return {
    activityId,
    step: name,
    panel: person.device === 'web' ? world.sources.business.id : `${world.sources.business.id}-app`,
    known,
    content: {
      channel: 'custom_activity',
      custom_params: isPurchase && person.tier !== '' ? { TIER: person.tier } : {},
      att_params: { CITY: person.city, STATE: person.state },
      msgid: activityId,
      webhook_name: assetName,
      payload_params: parametersOf(world, person, { step: name, basket, isPurchase }),
      event_params: {
        activity_source: person.device,
        ts: world.clock.ts(person.lastActivity * second),
        activity_id: Number(activityId),
        foreignkey: known ? person.shopId : '',
        identity: known ? identityOf(world, person) : '',
        asset_name: assetName,
        asset_id: assetIdOf(journey),
        guid: person.guid
      },
      journey_name: journey
    }
  }
}

/** What the panel's primary key is: a setting of the source. */
function identityOf ({ sources: { netcore } }: World, person: Person): string {
  switch (netcore.identity) {
    case 'email': return person.email
    case 'mobile': return person.mobile.slice(1)
    case 'customer_id': return person.shopId
  }
}

/** An array of items, or the one item's parameters by themselves, or those of a search. */
function parametersOf (world: World, person: Person, { step, basket: { lines, amount }, isPurchase }: { readonly step: string, readonly basket: Basket, readonly isPurchase: boolean }): Payload {
  const { random } = world
  if (step.includes('search')) return { searchterm_s: random.pick(searchTerms), resultcount_i: random.integer(0, 60) }
  const items = lines.map((line) => describeItem(world, person, line))
  const isPage = step.includes('browse') || step.includes('view')
  if (isPage || (items.length === 1 && random.chance(0.25))) return items[0] ?? {}
  return isPurchase ? { items, amount_f: amount / 100, currency_s: world.sources.business.currency } : { items }
}

/** The website's keys have suffixes, which say nothing of the type; the app's have none. */
function describeItem (world: World, person: Person, { product, quantity }: Line): Payload {
  const { clock, shopUri, sources: { business } } = world
  const price = product.price / 100
  const url = `${shopUri}/products/${product.id}`
  if (person.device === 'app') {
    return { prid: String(product.id), name: product.name, category: product.category, brand: product.brand, variant: product.variant, prqt: quantity, price, currency: business.currency, produrl: url }
  }
  return {
    dateofpurchase_sm: clock.dateTime(person.lastActivity * second),
    category_s: product.category,
    brand_s: product.brand,
    variant_s: product.variant,
    prqt_s: quantity,
    prid_s: product.id,
    name_s: product.name,
    price_s: price,
    currency_s: business.currency,
    produrl_s: url,
    image_s: `https://images.example.com/${product.id}.jpg`
  }
}

/** One asset a journey, whoever is in it. */
function assetIdOf (journey: string): string {
  return Buffer.from(journey).toString('hex').padEnd(32, '0').slice(0, 32)
}
