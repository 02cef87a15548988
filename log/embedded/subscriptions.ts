import { AppError } from '../../runtime/errors.ts'
import type { BatchHandler, ConsumeOptions, Subscription } from '../log-consumer.ts'
import { PartitionDelivery } from '../partition-delivery.ts'
import type { CommitQueue } from './commit-queue.ts'
import { keepAside, type DamageReport } from './damaged-batches.ts'
import { TopicReader } from './topic-reader.ts'
import type { TopicRegistry } from './topic-registry.ts'
import { positionOf, type TopicState } from './topic-state.ts'
import { runtimeErrors } from '../../runtime/runtime-errors.ts'

/** Poll interval for appends of other processes; own appends notify at once. */
const pollMs = 100

export interface SubscriptionsOptions {
  readonly topics: TopicRegistry
  readonly queue: CommitQueue
  /** The folder of the log. */
  readonly path: string
  readonly onDamaged: DamageReport
}

/** The open subscriptions. A group reads a topic in one place at a time, or two readers would move its offset. */
export class Subscriptions {
  readonly #topics: TopicRegistry
  readonly #queue: CommitQueue
  readonly #path: string
  readonly #onDamaged: DamageReport
  readonly #open = new Set<Subscription>()
  readonly #taken = new Set<string>()
  #poll: NodeJS.Timeout | undefined

  constructor ({ topics, queue, path, onDamaged }: SubscriptionsOptions) {
    this.#topics = topics
    this.#queue = queue
    this.#path = path
    this.#onDamaged = onDamaged
  }

  open (options: ConsumeOptions, handler: BatchHandler): Subscription {
    const topics = [...new Set(options.topics)].map(name => this.#topics.forGroup(name, options.group))
    const places = topics.map(topic => JSON.stringify([topic.name, options.group]))
    const taken = places.find(place => this.#taken.has(place))
    if (taken !== undefined) throw new AppError(runtimeErrors.INTERNAL, `expected one subscription a topic and group, got a second for ${taken}`)
    for (const place of places) this.#taken.add(place)
    const deliveries = topics.map(topic => this.#deliver(topic, options, handler))
    let closed: Promise<void> | undefined
    const subscription = {
      close: () => {
        closed ??= this.#close(subscription, deliveries, places)
        return closed
      }
    }
    this.#open.add(subscription)
    this.#poll ??= setInterval(() => { this.#refresh() }, pollMs)
    return subscription
  }

  #deliver (topic: TopicState, options: ConsumeOptions, handler: BatchHandler): PartitionDelivery {
    const { group } = options
    const position = positionOf(topic, group)
    /** Where a damaged record batch made the reader skip to, by the offset that it came from. */
    const passedOver = new Map<number, number>()
    const acknowledge = (next: number): void => {
      let to = next
      while (passedOver.has(to)) to = passedOver.get(to) ?? to
      this.#queue.savePosition(topic, group, to)
    }
    const reader = new TopicReader(topic, position, ({ key, offset, next, bytes }) => {
      if (passedOver.has(offset)) return
      const file = keepAside(this.#path, topic.name, key, bytes)
      passedOver.set(offset, next)
      this.#onDamaged({ topic: topic.name, group, offset, next, file })
      // with no earlier record in flight, nothing else would move the offset
      if (positionOf(topic, group) === offset) acknowledge(offset)
    })
    return new PartitionDelivery({
      topic: topic.name,
      partition: 0,
      reader,
      position,
      options,
      handler,
      acknowledge
    })
  }

  async closeAll (): Promise<void> {
    await Promise.all([...this.#open].map(subscription => subscription.close()))
  }

  async #close (subscription: Subscription, deliveries: readonly PartitionDelivery[], places: readonly string[]): Promise<void> {
    await Promise.all(deliveries.map(delivery => delivery.close()))
    this.#open.delete(subscription)
    for (const place of places) this.#taken.delete(place)
    if (this.#open.size === 0) {
      clearInterval(this.#poll)
      this.#poll = undefined
    }
    await this.#queue.flush()
  }

  /** A read failure of the store reaches subscribers through their own reads. */
  #refresh (): void {
    try {
      this.#queue.refresh()
    } catch {}
  }
}
