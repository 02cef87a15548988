import { hour, minute, second } from '../durations.ts'
import type { Fact } from './expected.ts'
import type { Random } from './random.ts'
import { createTimeQueue } from './time-queue.ts'
import type { SimulatedWebhook } from '../webhook.ts'

/** A webhook on its way. A repeat brings nothing new, so it has no facts. */
export interface Delivery {
  readonly webhook: SimulatedWebhook
  readonly facts: readonly Fact[]
}

export interface DeliveryOptions {
  readonly random: Random
  readonly now: () => number
  /** Nothing that happened before is delivered after. */
  readonly endAt: number
}

/** Webhooks between their making and their sending: some overtake others, some come hours late, some come twice. */
export interface Deliveries {
  /** `build` wraps the body under a new delivery id; it is called again where a vendor starts over. */
  send (facts: readonly Fact[], build: (sendAt: number) => SimulatedWebhook): void
  /** The next that is to be sent up to this time. */
  take (until: number): Delivery | undefined
}

export function createDeliveries ({ random, now, endAt }: DeliveryOptions): Deliveries {
  const queue = createTimeQueue<Delivery>()

  function clamp (at: number): number {
    return Math.round(now() <= endAt ? Math.min(at, endAt) : at)
  }

  function latency (): number {
    const kind = random.next()
    if (kind < 0.004) return random.between(1, 10) * hour
    if (kind < 0.02) return random.between(0.5, 5) * minute
    return random.between(0.2, 2) * second
  }

  return {
    send (facts, build) {
      const sendAt = clamp(now() + latency())
      const webhook = build(sendAt)
      queue.push(sendAt, { webhook, facts })
      const fate = random.next()
      if (fate > 0.015) return
      const repeatAt = clamp(sendAt + random.exponential(5 * minute) + second)
      // As a network that lost the answer repeats it, byte for byte; or as a vendor that starts over.
      const repeated = fate < 0.012 || webhook.deliveryId === null ? { ...webhook, sendAt: repeatAt } : build(repeatAt)
      queue.push(repeatAt, { webhook: { ...repeated, repeat: true }, facts: [] })
    },
    take (until) {
      const at = queue.nextAt()
      return at !== undefined && at <= until ? queue.pop()?.item : undefined
    }
  }
}
