import { AppError } from '../../runtime/errors.ts'
import type { BatchHandler, ConsumeOptions, Subscription } from '../log-consumer.ts'
import type { CommitQueue } from './commit-queue.ts'
import { TopicConsumer } from './topic-consumer.ts'
import type { TopicRegistry } from './topic-registry.ts'

/** How soon an append by another process is seen; our own are seen at once. */
const pollMs = 100

/** The open subscriptions. A group reads a topic in one place at a time, or its position would be moved by two. */
export class Subscriptions {
  readonly #topics: TopicRegistry
  readonly #queue: CommitQueue
  readonly #open = new Set<Subscription>()
  readonly #taken = new Set<string>()
  #poll: NodeJS.Timeout | undefined

  constructor (topics: TopicRegistry, queue: CommitQueue) {
    this.#topics = topics
    this.#queue = queue
  }

  open (options: ConsumeOptions, handler: BatchHandler): Subscription {
    const topics = [...new Set(options.topics)].map(name => this.#topics.forGroup(name, options.group))
    const places = topics.map(topic => JSON.stringify([topic.name, options.group]))
    const taken = places.find(place => this.#taken.has(place))
    if (taken !== undefined) throw new AppError('INTERNAL', `expected one subscription a topic and group, got a second for ${taken}`)
    for (const place of places) this.#taken.add(place)
    const consumers = topics.map(topic => new TopicConsumer(topic, options, handler, this.#queue))
    let closed: Promise<void> | undefined
    const subscription = {
      close: () => {
        closed ??= this.#close(subscription, consumers, places)
        return closed
      }
    }
    this.#open.add(subscription)
    this.#poll ??= setInterval(() => { this.#refresh() }, pollMs)
    return subscription
  }

  async closeAll (): Promise<void> {
    await Promise.all([...this.#open].map(subscription => subscription.close()))
  }

  async #close (subscription: Subscription, consumers: readonly TopicConsumer[], places: readonly string[]): Promise<void> {
    await Promise.all(consumers.map(consumer => consumer.close()))
    this.#open.delete(subscription)
    for (const place of places) this.#taken.delete(place)
    if (this.#open.size === 0) {
      clearInterval(this.#poll)
      this.#poll = undefined
    }
    await this.#queue.flush()
  }

  /** A store that cannot be read is told to the subscribers by their own reading. */
  #refresh (): void {
    try {
      this.#queue.refresh()
    } catch {}
  }
}
