import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { KafkaAdmin } from '../../log/kafka/kafka-admin.ts'
import { KafkaSubscription } from '../../log/kafka/kafka-subscription.ts'
import type { LogRecord } from '../../log/log-writer.ts'
import { collect, consumeOptions, gate, textOf } from '../log/log-fixtures.ts'
import { createSpace, keyFor, type LogSpace, settings, silentKafka, untilOpen } from './log-space.ts'
import { describeWithKafka } from './require-kafka.ts'

const mebibyte = 1024 * 1024

describeWithKafka('many bytes', ({ brokers }) => {
  let space: LogSpace
  beforeEach(() => { space = createSpace(brokers) })
  afterEach(async () => { await space.dispose() })

  function large (bytes: number, fill: number, key = 'k'): LogRecord {
    return { topic: space.topic, key, timestamp: Date.now(), value: Buffer.alloc(bytes, fill) }
  }

  test('pass in one record, and in one append of many', async () => {
    const { log } = await space.open()
    const sizes = [8, ...Array<number>(20).fill(2), 15].map((size) => size * mebibyte)
    await log.intake.append([large(8 * mebibyte, 1)])
    await log.intake.append(sizes.slice(1, -1).map((size) => large(size, 2)))
    await log.intake.append([large(15 * mebibyte, 3)])
    // what is compared is small, so that a failure can be printed
    const seen = (await collect(log, space.group, [space.topic]).until(sizes.length)).map(({ value }) => ({ bytes: value.length, first: value[0], same: value.equals(Buffer.alloc(value.length, value[0])) }))
    expect(seen).toEqual(sizes.map((bytes, i) => ({ bytes, first: i === 0 ? 1 : i === sizes.length - 1 ? 3 : 2, same: true })))
  })

  test('over the limit are refused, and what others append meanwhile is unharmed', async () => {
    const { log } = await space.open()
    const others = async (from: number): Promise<void> => { await Promise.all(Array.from({ length: 20 }, async (_, i) => { await log.intake.append([{ ...large(0, 0, `key ${i}`), value: Buffer.from(String(from + i)) }]) })) }
    const before = others(0)
    const refused = log.intake.append([large(10, 0), large(settings.maxMessageBytes, 1)])
    const after = others(20)
    await expect(refused).rejects.toMatchObject({ code: 'LOG_RECORD_TOO_LARGE' })
    await Promise.all([before, after])
    const seen = await collect(log, space.group, [space.topic]).until(40)
    expect(seen.map((one) => Number(textOf(one))).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i))
    await space.read(log)
    expect((await log.lag())[0]?.records).toBe(0)
  })

  test('that wait behind a held handler stay in Kafka, while the other partitions of topic and broker go on', async () => {
    const { log } = await space.open()
    const kafka = silentKafka(brokers)
    const admin = new KafkaAdmin(kafka)
    const held = gate()
    const counts = [0, 0, 0]
    const maxBytes = 2 * mebibyte
    const subscription = new KafkaSubscription({
      kafka,
      admin,
      group: space.prefix + space.group,
      topics: new Map([[space.prefix + space.topic, space.topic]]),
      maxMessageBytes: 8 * mebibyte,
      options: { ...consumeOptions(space.group, [space.topic]), maxBytes },
      handler: async (batch) => {
        if (batch.partition === 0) await untilOpen(held, batch)
        counts[batch.partition] = (counts[batch.partition] ?? 0) + batch.records.length
      },
      logger: pino({ level: 'silent' }),
      onLost: () => {},
      onDead: (error) => { throw error }
    })
    try {
      subscription.open()
      const rounds = 10
      let most = 0
      for (let round = 1; round <= rounds; round++) {
        await Promise.all([0, 1, 2].map(async (partition) => { await log.intake.append(Array.from({ length: 4 }, () => large(mebibyte, partition, keyFor(partition, 3)))) }))
        await vi.waitFor(() => { expect(counts).toEqual([0, 4 * round, 4 * round]) }, { timeout: 60_000, interval: 20 })
        most = Math.max(most, subscription.heldBytes)
      }
      // 40 MiB wait for it: two batches, and what the fetch brought that passed that
      expect(most).toBeGreaterThanOrEqual(2 * maxBytes)
      expect(most).toBeLessThanOrEqual(2 * maxBytes + 8 * mebibyte)
      held.open()
      await vi.waitFor(() => { expect(counts).toEqual([4 * rounds, 4 * rounds, 4 * rounds]) }, { timeout: 60_000, interval: 20 })
      await vi.waitFor(() => { expect(subscription.heldBytes).toBe(0) })
    } finally {
      await subscription.close()
      await admin.close()
    }
  })
})
