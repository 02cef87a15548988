import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ConsumedRecord } from '../../log/log-consumer.ts'
import { collect, gate, record } from '../log/log-fixtures.ts'
import { createSpace, type LogSpace, type OpenedLog, untilOpen } from './log-space.ts'
import { describeWithKafka } from './require-kafka.ts'

const numberOf = ({ value }: ConsumedRecord): number => Number(value.toString())

describeWithKafka('records that Kafka deleted before they were read', ({ brokers }) => {
  let space: LogSpace
  beforeEach(() => { space = createSpace(brokers, 1) })
  afterEach(async () => { await space.dispose() })

  async function append ({ log }: OpenedLog, from: number, to: number): Promise<void> {
    for (let i = from; i < to; i++) await log.intake.append([record(space.topic, String(i).padStart(2, '0'))])
  }

  async function deleteBefore (offset: number): Promise<void> {
    const topic = space.prefix + space.topic
    await space.inKafka(async (admin) => {
      // else kafkajs does not know who leads the topic
      await admin.fetchTopicOffsets(topic)
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] })
    })
  }

  test('while nobody read are told and counted at the start, and reading goes on', async () => {
    const before = await space.open()
    await append(before, 0, 4)
    await collect(before.log, space.group, [space.topic]).until(4)
    await space.read(before.log)
    await before.log.close()
    const opened = await space.open()
    await append(opened, 4, 10)
    await deleteBefore(7)
    expect(await opened.log.lag()).toMatchObject([{ records: 3 }])
    const seen = await collect(opened.log, space.group, [space.topic]).until(3)
    expect(seen.map(numberOf)).toEqual([7, 8, 9])
    expect(opened.lost).toEqual(['orders load 3'])
    await space.read(opened.log)
    expect(before.lost).toEqual([])
  })

  test('before a group was ever there are none of its own', async () => {
    const opened = await space.open()
    await append(opened, 0, 5)
    await deleteBefore(3)
    const seen = await collect(opened.log, space.group, [space.topic]).until(2)
    expect(seen.map(numberOf)).toEqual([3, 4])
    expect(opened.lost).toEqual([])
  })

  test('while a handler took its time are told and counted, and reading goes on', async () => {
    const opened = await space.open()
    const waiting = gate()
    // one record is all that is fetched ahead
    const reading = collect(opened.log, space.group, [space.topic], { maxRecords: 1, maxBytes: 1, maxWaitMs: 0 }, async (batch) => { await untilOpen(waiting, batch) })
    await append(opened, 0, 1)
    await vi.waitFor(async () => { expect((await opened.log.lag())[0]?.oldestTimestamp).toBeGreaterThan(0) }, { timeout: 30_000 })
    await append(opened, 1, 12)
    await deleteBefore(6)
    waiting.open()
    expect((await reading.until(7)).map(numberOf)).toEqual([0, 6, 7, 8, 9, 10, 11])
    expect(opened.lost).toEqual(['orders load 5'])
    await space.read(opened.log)
    await append(opened, 12, 13)
    expect((await reading.until(8)).map(numberOf).at(-1)).toBe(12)
    expect(opened.lost).toEqual(['orders load 5'])
  })

  test('to the last, while a handler took its time, are told and counted with the next record', async () => {
    const opened = await space.open()
    const waiting = gate()
    const reading = collect(opened.log, space.group, [space.topic], { maxRecords: 1, maxBytes: 1, maxWaitMs: 0 }, async (batch) => { await untilOpen(waiting, batch) })
    await append(opened, 0, 1)
    await vi.waitFor(async () => { expect((await opened.log.lag())[0]?.oldestTimestamp).toBeGreaterThan(0) }, { timeout: 30_000 })
    await append(opened, 1, 5)
    await deleteBefore(5)
    waiting.open()
    await reading.until(1)
    await sleep(1_000)
    await append(opened, 5, 7)
    expect((await reading.until(3)).map(numberOf)).toEqual([0, 5, 6])
    expect(opened.lost).toEqual(['orders load 4'])
  })
})
