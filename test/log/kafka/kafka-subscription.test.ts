import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin, Consumer, EachBatchPayload, Kafka } from 'kafkajs'
import { pino } from 'pino'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { KafkaAdmin } from '../../../log/kafka/kafka-admin.ts'
import { KafkaSubscription } from '../../../log/kafka/kafka-subscription.ts'
import type { LogBatch } from '../../../log/log-consumer.ts'
import type { AppError } from '../../../runtime/errors.ts'
import { consumeOptions, gate } from '../log-fixtures.ts'

/** A Kafka whose consumers fetch, fail and rebalance when the test says so. One topic, `p.orders`. */
class ScriptedKafka {
  readonly orders: string[] = []
  readonly commits: string[] = []
  readonly lost: number[] = []
  readonly dead: AppError[] = []
  readonly handled: number[] = []
  consumers = 0
  disconnected = 0
  offsets = { committed: 0, low: 0, high: 1_000_000 }
  #listeners = new Map<string, (event: unknown) => void>()
  #eachBatch: (payload: EachBatchPayload) => Promise<void> = async () => {}
  readonly #admin = {
    connect: async () => {},
    disconnect: async () => {},
    fetchOffsets: async () => [{ topic: 'p.orders', partitions: [0, 1].map((partition) => ({ partition, offset: String(this.offsets.committed) })) }],
    fetchTopicOffsets: async () => [0, 1].map((partition) => ({ partition, low: String(this.offsets.low), high: String(this.offsets.high) }))
  } as unknown as Admin

  readonly kafka = { consumer: () => this.#consumer(), admin: () => this.#admin } as unknown as Kafka
  readonly subscription: KafkaSubscription

  constructor (handler: (batch: LogBatch) => Promise<void> = async () => {}) {
    this.subscription = new KafkaSubscription({
      kafka: this.kafka,
      admin: new KafkaAdmin(this.kafka),
      group: 'p.load',
      topics: new Map([['p.orders', 'orders']]),
      maxMessageBytes: 1_000_000,
      options: consumeOptions('load', ['orders']),
      handler: async (batch) => {
        await handler(batch)
        this.handled.push(...batch.records.map(({ offset }) => offset))
      },
      logger: pino({ level: 'silent' }),
      onLost: (_topic, _group, records) => { this.lost.push(records) },
      onDead: (error) => { this.dead.push(error) }
    })
    this.subscription.open()
  }

  #consumer (): Consumer {
    this.consumers++
    const listeners = this.#listeners = new Map()
    return {
      events: { CRASH: 'crash', GROUP_JOIN: 'join', HEARTBEAT: 'heartbeat', END_BATCH_PROCESS: 'end' },
      on: (name: string, listener: (event: unknown) => void) => { listeners.set(name, listener) },
      connect: async () => {},
      subscribe: async () => {},
      run: async ({ eachBatch }: { eachBatch: (payload: EachBatchPayload) => Promise<void> }) => { this.#eachBatch = eachBatch },
      disconnect: async () => { this.disconnected++ },
      seek: ({ partition, offset }: { partition: number, offset: string }) => { this.orders.push(`seek ${partition} ${offset}`) },
      pause: ([{ partitions }]: [{ partitions: number[] }]) => { this.orders.push(`pause ${String(partitions)}`) },
      resume: ([{ partitions }]: [{ partitions: number[] }]) => { this.orders.push(`resume ${String(partitions)}`) },
      commitOffsets: async (positions: Array<{ partition: number, offset: string }>) => { this.commits.push(...positions.map(({ partition, offset }) => `${partition}=${offset}`)) }
    } as unknown as Consumer
  }

  /** A rebalance gives these partitions to us; resolves when each was begun. */
  async assign (...partitions: number[]): Promise<void> {
    await vi.waitFor(() => { expect(this.#listeners.has('join')).toBe(true) })
    const before = this.orders.length
    this.#listeners.get('join')?.({ payload: { memberAssignment: { 'p.orders': partitions } } })
    await vi.waitFor(() => { for (const partition of partitions) expect(this.orders.slice(before).at(-1) === `pause ${partition}` || this.orders.slice(before).includes(`resume ${partition}`)).toBe(true) })
    await sleep(5)
  }

  /** kafkajs hands over what it fetched when asked for `from`: records at these offsets. */
  async fetched (partition: number, from: number, offsets: readonly number[], bytes = 10): Promise<void> {
    const messages = offsets.map((offset) => ({ offset: String(offset), timestamp: '1', value: Buffer.alloc(bytes), headers: {} }))
    const batch = { topic: 'p.orders', partition, fetchedOffset: String(from), messages, lastOffset: () => String(offsets.at(-1) ?? from) }
    await this.#eachBatch({ batch, resolveOffset: () => {} } as unknown as EachBatchPayload)
  }

  skipped (partition: number, lastOffset: number): void {
    this.#listeners.get('end')?.({ payload: { topic: 'p.orders', partition, batchSize: 0, lastOffset: String(lastOffset) } })
  }

  async crash (error: Error): Promise<void> {
    const before = this.consumers
    this.#listeners.get('crash')?.({ payload: { error, groupId: 'p.load', restart: false } })
    await vi.waitFor(() => { expect(this.consumers).toBeGreaterThan(before) }, { timeout: 5_000 })
  }

  async until (...offsets: number[]): Promise<void> {
    await vi.waitFor(() => { expect(this.handled).toEqual(offsets) })
  }
}

const opened: ScriptedKafka[] = []
afterEach(async () => { for (const one of opened.splice(0)) await one.subscription.close() })
function script (handler?: (batch: LogBatch) => Promise<void>): ScriptedKafka {
  const one = new ScriptedKafka(handler)
  opened.push(one)
  return one
}

describe('positions', () => {
  test('a partition begins at the committed offset, sought explicitly, and nothing of it is taken before', async () => {
    const kafka = script()
    kafka.offsets.committed = 40
    await kafka.assign(0)
    expect(kafka.orders).toEqual(['pause 0', 'seek 0 40', 'resume 0'])
    await kafka.fetched(1, 40, [40])
    await kafka.fetched(0, 40, [40, 41])
    await kafka.until(40, 41)
    await vi.waitFor(() => { expect(kafka.commits).toEqual(['0=42']) })
  })

  test('what kafkajs fetches again after a rebalance is handled once', async () => {
    const kafka = script()
    await kafka.assign(0)
    await kafka.fetched(0, 0, [0, 1, 2])
    await kafka.assign(0, 1)
    expect(kafka.orders).toContain('seek 0 3')
    await kafka.fetched(0, 0, [0, 1, 2, 3])
    await kafka.until(0, 1, 2, 3)
  })

  test('the late answer to a question before a rebalance is not taken: what is before it would never be read', async () => {
    const kafka = script()
    kafka.offsets.committed = 50
    await kafka.assign(0)
    await kafka.fetched(0, 100, [100, 101])
    expect(kafka.orders.at(-1)).toBe('seek 0 50')
    await kafka.fetched(0, 50, [50, 51])
    await kafka.until(50, 51)
    expect(kafka.lost).toEqual([])
  })

  test('offsets that nobody wrote are passed over, where the fetch comes twice', async () => {
    const kafka = script()
    await kafka.assign(0)
    await kafka.fetched(0, 5, [5])
    await kafka.fetched(0, 5, [5])
    await kafka.until(5)
  })

  test('a fetch of nothing for readers moves on', async () => {
    const kafka = script()
    await kafka.assign(0)
    kafka.skipped(0, 9)
    await kafka.fetched(0, 10, [10])
    await kafka.until(10)
  })

  test('what Kafka deleted meanwhile is counted, and reading goes on', async () => {
    const kafka = script()
    await kafka.assign(0)
    await kafka.fetched(0, 0, [0])
    kafka.offsets.low = 31
    await kafka.fetched(0, 31, [31])
    await kafka.until(0, 31)
    expect(kafka.lost).toEqual([30])
  })

  test('a partition that ends before the committed offset is read from its beginning', async () => {
    const kafka = script()
    kafka.offsets = { committed: 1_000, low: 2, high: 5 }
    await kafka.assign(0)
    expect(kafka.orders).toContain('seek 0 2')
  })
})

describe('room', () => {
  test('a partition that is full waits; another one goes on, and the first again once it is handled', async () => {
    const held = gate()
    const kafka = script(async ({ partition }) => { if (partition === 0) await held.opened })
    await kafka.assign(0, 1)
    await kafka.fetched(0, 0, [0, 1, 2], 7_000_000)
    expect(kafka.orders.at(-1)).toBe('pause 0')
    await kafka.fetched(1, 0, [0])
    await kafka.until(0)
    held.open()
    await kafka.until(0, 0, 1, 2)
    await vi.waitFor(() => { expect(kafka.orders.at(-1)).toBe('resume 0') })
  })

  test('where stuck ones hold all the room, one that has handled its own fetches on', async () => {
    const held = gate()
    const kafka = script(async ({ partition }) => { if (partition === 0) await held.opened })
    await kafka.assign(0, 1)
    await kafka.fetched(0, 0, [0], 130 * 1024 * 1024)
    await kafka.fetched(1, 0, [0])
    await kafka.until(0)
    await vi.waitFor(() => { expect(kafka.orders.slice(-2)).toEqual(['pause 1', 'resume 1']) })
    held.open()
  })

  test('what a stuck partition held is free once it went', async () => {
    const kafka = script(async ({ partition, signal }) => {
      if (partition === 0) await new Promise((_resolve, reject) => { signal.addEventListener('abort', () => { reject(new Error('gone')) }) })
    })
    await kafka.assign(0, 1)
    await kafka.fetched(0, 0, [0], 130 * 1024 * 1024)
    await kafka.assign(1)
    expect(kafka.subscription.heldBytes).toBe(0)
  })
})

describe('failures', () => {
  test('a consumer that failed is replaced, and goes on where it was; a commit is made again', async () => {
    const kafka = script()
    await kafka.assign(0)
    await kafka.fetched(0, 0, [0, 1])
    await kafka.until(0, 1)
    await vi.waitFor(() => { expect(kafka.commits).toEqual(['0=2']) })
    await kafka.crash(new Error('a broker went'))
    expect(kafka.disconnected).toBeGreaterThan(0)
    kafka.orders.length = 0
    await kafka.assign(0)
    expect(kafka.orders).toEqual(['seek 0 2', 'resume 0'])
    await vi.waitFor(() => { expect(kafka.commits).toEqual(['0=2', '0=2']) })
    expect(kafka.dead).toEqual([])
  })

  test('one that was still connecting when it was closed ends', async () => {
    const kafka = script()
    await kafka.subscription.close()
    await vi.waitFor(() => { expect(kafka.disconnected).toBeGreaterThan(0) })
    const { consumers } = kafka
    await sleep(700)
    expect(kafka.consumers).toBe(consumers)
  })
})
