import type { Config } from '../../config/config.ts'
import { createActivityBatches } from './activity-batches.ts'
import { createArrivals } from './arrivals.ts'
import { createDeliveries } from './deliveries.ts'
import { minute, second } from '../durations.ts'
import { createTally, type Expected } from './expected.ts'
import { createLocalClock } from './local-clock.ts'
import { nectorWrapper } from './nector-webhook.ts'
import { netcoreWrapper } from './netcore-webhook.ts'
import { nextArrival } from './pace.ts'
import { createPerson, userFields } from './person.ts'
import { createRandom } from './random.ts'
import { findShopSources, stepsOf, type ShopSources } from './shop-sources.ts'
import { createTimeQueue } from './time-queue.ts'
import type { SimulatedWebhook } from '../webhook.ts'
import type { World } from './world.ts'

export interface LiveRate {
  readonly eventsPerSecond: number
  /** Another rate at first, so that who has just begun to look sees something move. */
  readonly atFirst?: { readonly eventsPerSecond: number, readonly forMs: number }
}

export interface ShopOptions {
  readonly config: Pick<Config, 'businesses'>
  /** By default the first business with both vendors. */
  readonly businessId?: string | undefined
  readonly seed: number
  /** Simulated epoch milliseconds. */
  readonly startAt: number
  readonly endAt: number
  /** Events to spread over the span, repeats not counted. */
  readonly events: number
  /** What goes on after the span, without end: about so many events a second, and what takes days takes minutes. */
  readonly live?: LiveRate
}

/** A shop and its customers. Iterating it plays the simulation, once; the webhooks come in the order they are sent. */
export interface Shop extends Iterable<SimulatedWebhook> {
  readonly sources: ShopSources
  /** What the webhooks that were taken so far add up to. */
  expected (): Expected
}

/** Delays of days are divided by this where the simulation is live. */
const liveHaste = 2_000

function rateAt ({ eventsPerSecond, atFirst }: LiveRate, sinceMs: number): number {
  return atFirst !== undefined && sinceMs < atFirst.forMs ? atFirst.eventsPerSecond : eventsPerSecond
}

/** A simulated shop. Pure: the same options give the same webhooks, byte for byte. Throws CONFIG_INVALID where a vendor has no source. */
export function createShop ({ config, businessId, seed, startAt, endAt, events, live }: ShopOptions): Shop {
  const sources = findShopSources(config, businessId)
  const random = createRandom(seed)
  const schedule = createTimeQueue<() => void>()
  const tally = createTally()
  const dayClock = createLocalClock(sources.business.timezone)
  let now = startAt
  let emitted = 0
  let limit = events
  let isLive = false
  const isFull = (): boolean => emitted >= limit

  const deliveries = createDeliveries({ random, now: () => now, endAt })
  const nector = nectorWrapper(sources.nector)
  const netcore = netcoreWrapper(sources.netcore)
  const batches = createActivityBatches({
    random,
    send (panels, facts) { deliveries.send(facts, (sendAt) => netcore(panels, sendAt)) },
    whenOld (action) { schedule.push(now + Math.round(random.between(0.2, 1) * (isLive ? second : 15 * minute)), action) }
  })
  const world = createWorld()
  const arrive = createArrivals(world)

  function createWorld (): World {
    let [people, orders] = [0, 0]
    const shopUri = 'https://shop.example.com'
    const businessFields = {
      business_name: sources.business.id,
      business_uri: shopUri,
      nector_business_uri: 'https://loyalty.example.com',
      business_coin_name: 'coins',
      business_currency_code: sources.business.currency.toLowerCase(),
      business_currency_symbol: sources.business.currency === 'INR' ? '₹' : ''
    }
    return {
      random,
      sources,
      steps: stepsOf(sources),
      entityId: random.uuid(),
      shopUri,
      clock: createLocalClock(sources.netcore.timezone),
      now: () => now,
      later (delay, action) {
        schedule.push(now + Math.round(isLive && delay > 10 * minute ? 5 * second + delay / liveHaste : delay), action)
      },
      newPerson: () => createPerson(random, ++people),
      nextOrder: () => ++orders,
      nector (topic, person, payload) {
        if (isFull()) return
        emitted += 1
        const body = nector.encode(businessFields, userFields(person, shopUri), payload)
        deliveries.send([{ vendor: 'nector', topic, person, payload }], (sendAt) => nector.wrap(body, { topic, deliveryId: random.uuid(), sendAt, repeat: false }))
      },
      activity (person, { step, panel, known, content }) {
        if (isFull()) return
        emitted += 1
        batches.add(panel, content, { vendor: 'netcore', step, person, known })
      }
    }
  }

  function keepArriving (): void {
    arrive()
    const gap = isLive && live !== undefined
      ? nextArrival.live(random, rateAt(live, now - endAt))
      : nextArrival.spread(random, { now, endAt, eventsLeft: events - emitted, hour: dayClock.hourOf(now) })
    schedule.push(now + gap, keepArriving)
  }

  function runNext (): void {
    const next = schedule.pop()
    if (next === undefined) return
    // What the end of the span cut off goes on when the simulation is live, not before.
    now = Math.max(now, next.at)
    next.item()
  }

  function * take (until: number): Generator<SimulatedWebhook> {
    for (let delivery = deliveries.take(until); delivery !== undefined; delivery = deliveries.take(until)) {
      tally.note(delivery.webhook, delivery.facts)
      yield delivery.webhook
    }
  }

  function * play (): Generator<SimulatedWebhook> {
    schedule.push(startAt, keepArriving)
    while (!isFull()) {
      runNext()
      yield * take(now)
    }
    batches.flushAll()
    yield * take(Infinity)
    if (live === undefined) return
    isLive = true
    now = endAt + 1
    limit = Infinity
    for (;;) {
      runNext()
      yield * take(now)
    }
  }

  return { sources, expected: () => tally.read(), [Symbol.iterator]: play }
}
