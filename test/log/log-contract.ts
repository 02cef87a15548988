import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { ConsumedRecord, LogBatch } from '../../log/log-consumer.ts'
import type { Log, TopicDefinition } from '../../log/log.ts'
import { collect, consumeOptions, gate, record, textOf, uniqueName } from './log-fixtures.ts'

export interface LogUnderTest {
  readonly log: Log
  /** Closes the log and opens it again on the same data. */
  readonly reopen: () => Promise<Log>
  readonly dispose: () => Promise<void>
}

export type OpenLog = (topics: readonly TopicDefinition[]) => Promise<LogUnderTest>

/** What every log promises (log/log-writer.ts, log-consumer.ts, log-lag.ts), whatever is behind it. Every test has topics and groups of its own. */
export function describeLogContract (name: string, openLog: OpenLog): void {
  describe(`log contract: ${name}`, () => {
    const opened: LogUnderTest[] = []
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.dispose()
    })

    async function open (...topics: TopicDefinition[]): Promise<LogUnderTest> {
      const one = await openLog(topics)
      opened.push(one)
      return one
    }

    function oneTopic (): { topic: string, group: string, definition: TopicDefinition } {
      const topic = uniqueName('topic')
      const group = uniqueName('group')
      return { topic, group, definition: { name: topic, groups: [group] } }
    }

    test('delivers what was appended, byte for byte, with its timestamp and in order', async () => {
      const { topic, group, definition } = oneTopic()
      const { log } = await open(definition)
      const values = [Buffer.from([0, 255, 10, 13]), Buffer.alloc(0), Buffer.alloc(300_000, 7), Buffer.from('ü')]
      await log.intake.append(values.map((value, i) => ({ topic, key: 'k', timestamp: 1_700_000_000_000 + i, value })))
      const seen = await collect(log, group, [topic]).until(4)
      expect(seen.map(one => one.timestamp)).toEqual([0, 1, 2, 3].map(i => 1_700_000_000_000 + i))
      expect(seen.map(one => one.value.equals(values[seen.indexOf(one)] as Buffer))).toEqual([true, true, true, true])
    })

    test('delivers each of many concurrent appends once, and each caller\'s in its order', async () => {
      const { topic, group, definition } = oneTopic()
      const { log } = await open(definition)
      await Promise.all(Array.from({ length: 20 }, async (_, caller) => {
        for (let i = 0; i < 25; i++) await log.internal.append([record(topic, `${caller}:${i}`)])
      }))
      const seen = (await collect(log, group, [topic]).until(500)).map(textOf)
      expect(new Set(seen).size).toBe(500)
      for (let caller = 0; caller < 20; caller++) {
        expect(seen.filter(text => text.startsWith(`${caller}:`))).toEqual(Array.from({ length: 25 }, (_, i) => `${caller}:${i}`))
      }
    })

    test('offsets rise within a partition, across batches', async () => {
      const { topic, group, definition } = oneTopic()
      const { log } = await open(definition)
      for (let i = 0; i < 30; i++) await log.intake.append([record(topic, `${i}`)])
      const seen = await collect(log, group, [topic], { maxRecords: 4 }).until(30)
      const offsets = seen.map(one => one.offset)
      expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b))
    })

    test('delivers what is appended while it is being consumed', async () => {
      const { topic, group, definition } = oneTopic()
      const { log } = await open(definition)
      const collected = collect(log, group, [topic])
      await log.intake.append([record(topic, 'a')])
      await collected.until(1)
      await log.intake.append([record(topic, 'b')])
      expect((await collected.until(2)).map(textOf)).toEqual(['a', 'b'])
    })

    test('an append of nothing resolves', async () => {
      const { definition } = oneTopic()
      const { log } = await open(definition)
      await log.intake.append([])
    })

    test('probe resolves while appends are possible', async () => {
      const { definition } = oneTopic()
      const { log } = await open(definition)
      await log.intake.probe()
      await log.internal.probe()
    })

    test('an unknown topic is refused by name, and nothing of that append is written', async () => {
      const { topic, group, definition } = oneTopic()
      const { log } = await open(definition)
      const unknown = uniqueName('unknown')
      const refusal = { code: 'INTERNAL', message: expect.stringContaining(unknown) as string }
      await expect(log.intake.append([record(topic, 'a'), record(unknown, 'b')])).rejects.toMatchObject(refusal)
      await expect(log.internal.append([record(unknown, 'b')])).rejects.toMatchObject(refusal)
      await expect(log.consume(consumeOptions(group, [unknown]), async () => {})).rejects.toMatchObject(refusal)
      await log.intake.append([record(topic, 'c')])
      expect((await collect(log, group, [topic]).until(1)).map(textOf)).toEqual(['c'])
    })

    test('a batch goes when maxRecords are there', async () => {
      const { topic, group, definition } = oneTopic()
      const { log } = await open(definition)
      await log.intake.append(Array.from({ length: 10 }, (_, i) => record(topic, `${i}`)))
      const batches: number[] = []
      // with a time that never comes, only the number can release a batch
      const collected = collect(log, group, [topic], { maxRecords: 5, maxWaitMs: 600_000 }, async batch => { batches.push(batch.records.length) })
      await collected.until(10)
      expect(batches).toEqual([5, 5])
    })

    test('a batch goes when maxBytes are there, and holds no more unless one record does', async () => {
      const { topic, group, definition } = oneTopic()
      const { log } = await open(definition)
      const sizes = [400, 400, 400, 5000, 400, 400, 1000]
      await log.intake.append(sizes.map(size => ({ ...record(topic, ''), value: Buffer.alloc(size) })))
      const batches: number[][] = []
      const collected = collect(log, group, [topic], { maxBytes: 1000, maxWaitMs: 600_000 }, async batch => {
        batches.push(batch.records.map(one => one.value.length))
      })
      // the last one fills a batch to its limit exactly
      await collected.until(7)
      expect(batches).toEqual([[400, 400], [400], [5000], [400, 400], [1000]])
    })

    test('a batch goes when its first record has waited, however few there are', async () => {
      const { topic, group, definition } = oneTopic()
      const { log } = await open(definition)
      const collected = collect(log, group, [topic], { maxRecords: 1000, maxWaitMs: 50 })
      await log.intake.append([record(topic, 'alone')])
      expect((await collected.until(1)).map(textOf)).toEqual(['alone'])
    })

    test('records that come within maxWaitMs share a batch', async () => {
      const { topic, group, definition } = oneTopic()
      const { log } = await open(definition)
      const batches: string[][] = []
      const collected = collect(log, group, [topic], { maxRecords: 3, maxWaitMs: 600_000 }, async batch => { batches.push(batch.records.map(textOf)) })
      for (const text of ['a', 'b', 'c']) await log.intake.append([record(topic, text)])
      await collected.until(3)
      expect(batches).toEqual([['a', 'b', 'c']])
    })

    test('one handler at a time a topic', async () => {
      const { topic, group, definition } = oneTopic()
      const { log } = await open(definition)
      let running = 0
      let most = 0
      const collected = collect(log, group, [topic], { maxRecords: 1 }, async () => {
        most = Math.max(most, ++running)
        await sleep(5)
        running--
      })
      for (let i = 0; i < 10; i++) await log.intake.append([record(topic, `${i}`)])
      await collected.until(10)
      expect(most).toBe(1)
    })

    test('a rejected batch is reported and delivered again, and nothing overtakes it', async () => {
      const { topic, group, definition } = oneTopic()
      const { log } = await open(definition)
      for (let i = 0; i < 5; i++) await log.intake.append([record(topic, `${i}`)])
      const failure = new Error('the sink is away')
      const errors: Array<{ error: unknown, batch: LogBatch }> = []
      const delivered: string[] = []
      let failures = 2
      const collected = collect(log, group, [topic], { maxRecords: 1, onError: (error, batch) => { errors.push({ error, batch }) } }, async batch => {
        const text = textOf(batch.records[0] as ConsumedRecord)
        delivered.push(text)
        if (text === '2' && failures-- > 0) throw failure
      })
      await collected.until(5)
      expect(delivered).toEqual(['0', '1', '2', '2', '2', '3', '4'])
      expect(errors.map(one => one.error)).toEqual([failure, failure])
      expect(errors.map(one => one.batch.records.map(textOf))).toEqual([['2'], ['2']])
    })

    test('a handler that throws at once is treated as one that rejects', async () => {
      const { topic, group, definition } = oneTopic()
      const { log } = await open(definition)
      await log.intake.append([record(topic, 'a')])
      let calls = 0
      const collected = collect(log, group, [topic], {}, () => {
        if (calls++ === 0) throw new Error('thrown, not rejected')
        return Promise.resolve()
      })
      expect((await collected.until(1)).map(textOf)).toEqual(['a'])
    })

    test('a stuck topic stops only itself', async () => {
      const group = uniqueName('group')
      const stuck = uniqueName('stuck')
      const rejecting = uniqueName('rejecting')
      const fine = uniqueName('fine')
      const { log } = await open(...[stuck, rejecting, fine].map(name => ({ name, groups: [group] })))
      const release = gate()
      const seen: string[] = []
      const subscription = await log.consume(consumeOptions(group, [stuck, rejecting, fine]), async batch => {
        if (batch.topic === stuck) await release.opened
        if (batch.topic === rejecting) throw new Error('refused')
        seen.push(...batch.records.map(textOf))
      })
      for (const topic of [stuck, rejecting]) await log.intake.append([record(topic, 'never mind')])
      for (let i = 0; i < 10; i++) await log.intake.append([record(fine, `${i}`)])
      await vi.waitFor(() => { expect(seen).toHaveLength(10) }, { timeout: 10_000 })
      release.open()
      await subscription.close()
    })

    test('each group gets everything, at its own pace', async () => {
      const topic = uniqueName('topic')
      const [one, other] = [uniqueName('one'), uniqueName('other')]
      const { log } = await open({ name: topic, groups: [one, other] })
      for (let i = 0; i < 10; i++) await log.intake.append([record(topic, `${i}`)])
      const expected = Array.from({ length: 10 }, (_, i) => `${i}`)
      expect((await collect(log, one, [topic]).until(10)).map(textOf)).toEqual(expected)
      // the first group has passed them all, and the second has yet to begin
      expect((await collect(log, other, [topic], { maxRecords: 3 }).until(10)).map(textOf)).toEqual(expected)
    })

    test('no gaps and no duplicates across restarts, where everything delivered was acknowledged', async () => {
      const { topic, group, definition } = oneTopic()
      const fixture = await open(definition)
      let log = fixture.log
      const seen: ConsumedRecord[] = []
      for (let round = 0; round < 4; round++) {
        for (let i = 0; i < 20; i++) await log.intake.append([record(topic, `${round * 20 + i}`)])
        const collected = collect(log, group, [topic], { maxRecords: 7 })
        seen.push(...await collected.until(20))
        await collected.close()
        log = await fixture.reopen()
      }
      expect(seen.map(textOf)).toEqual(Array.from({ length: 80 }, (_, i) => `${i}`))
      const offsets = seen.map(one => one.offset)
      expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b))
    })

    test('what was not acknowledged comes again after a restart', async () => {
      const { topic, group, definition } = oneTopic()
      const { log, reopen } = await open(definition)
      for (let i = 0; i < 6; i++) await log.intake.append([record(topic, `${i}`)])
      const failed = gate()
      await log.consume({ ...consumeOptions(group, [topic]), maxRecords: 2 }, async batch => {
        if (textOf(batch.records[0] as ConsumedRecord) !== '2') return
        failed.open()
        throw new Error('not now')
      })
      await failed.opened
      const again = await reopen()
      expect((await collect(again, group, [topic]).until(4)).map(textOf)).toEqual(['2', '3', '4', '5'])
    })

    test('a closed subscription leaves its position to the next one of the group', async () => {
      const { topic, group, definition } = oneTopic()
      const { log } = await open(definition)
      await log.intake.append([record(topic, 'a')])
      const first = collect(log, group, [topic])
      await first.until(1)
      await first.close()
      await log.intake.append([record(topic, 'b')])
      expect((await collect(log, group, [topic]).until(1)).map(textOf)).toEqual(['b'])
    })

    test('closing a subscription aborts the running batch, waits for its handler and keeps what it acknowledges', async () => {
      const { topic, group, definition } = oneTopic()
      const { log } = await open(definition)
      await log.intake.append([record(topic, 'a')])
      const started = gate()
      let ended = false
      const subscription = await log.consume(consumeOptions(group, [topic]), async ({ signal }) => {
        started.open()
        await new Promise<void>(resolve => { signal.addEventListener('abort', () => { resolve() }) })
        await sleep(20)
        ended = true
      })
      await started.opened
      await subscription.close()
      expect(ended).toBe(true)
      await log.intake.append([record(topic, 'b')])
      expect((await collect(log, group, [topic]).until(1)).map(textOf)).toEqual(['b'])
    })

    test('closing the log aborts running batches, lets their handlers append, and refuses afterwards', async () => {
      const [from, to] = [uniqueName('from'), uniqueName('to')]
      const group = uniqueName('group')
      const { log, reopen } = await open({ name: from, groups: [group] }, { name: to, groups: [group] })
      await log.intake.append([record(from, 'a')])
      const started = gate()
      await log.consume(consumeOptions(group, [from]), async ({ signal }) => {
        started.open()
        await new Promise<void>(resolve => { signal.addEventListener('abort', () => { resolve() }) })
        await log.internal.append([record(to, 'last words')])
      })
      await started.opened
      await log.close()
      await log.close()
      for (const writer of [log.intake, log.internal]) {
        await expect(writer.append([record(from, 'b')])).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
        await expect(writer.probe()).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
      }
      await expect(log.consume(consumeOptions(group, [to]), async () => {})).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
      expect((await collect(await reopen(), group, [to]).until(1)).map(textOf)).toEqual(['last words'])
    })

    test('appends that were pending at close are settled, and those that resolved are there', async () => {
      const { topic, group, definition } = oneTopic()
      const { log, reopen } = await open(definition)
      const pending = Array.from({ length: 50 }, (_, i) => log.internal.append([record(topic, `${i}`)]))
      await log.close()
      const settled = await Promise.allSettled(pending)
      const resolved = settled.flatMap((one, i) => one.status === 'fulfilled' ? [`${i}`] : [])
      const seen = (await collect(await reopen(), group, [topic]).until(resolved.length)).map(textOf)
      expect(seen).toEqual(expect.arrayContaining(resolved))
    })

    test('values may be kept', async () => {
      const { topic, group, definition } = oneTopic()
      const { log } = await open(definition)
      const kept: Buffer[] = []
      const collected = collect(log, group, [topic], { maxRecords: 10 }, async batch => { kept.push(...batch.records.map(one => one.value)) })
      const texts = Array.from({ length: 300 }, (_, i) => `${i}`.padStart(2000, '.'))
      for (let i = 0; i < texts.length; i += 10) await log.intake.append(texts.slice(i, i + 10).map(text => record(topic, text)))
      await collected.until(300)
      expect(kept.map(value => value.toString())).toEqual(texts)
    })

    test('lag counts what a group has not acknowledged, and gives the oldest timestamp of it', async () => {
      const topic = uniqueName('topic')
      const [reading, idle] = [uniqueName('reading'), uniqueName('idle')]
      const { log } = await open({ name: topic, groups: [reading, idle] })
      const lagOf = async (group: string) => (await log.lag()).find(one => one.topic === topic && one.group === group)
      expect(await lagOf(idle)).toEqual({ topic, group: idle, records: 0, oldestTimestamp: undefined })
      for (let i = 0; i < 5; i++) await log.intake.append([{ ...record(topic, `${i}`), timestamp: 1000 + i }])
      expect(await lagOf(idle)).toMatchObject({ records: 5 })

      const release = gate()
      const collected = collect(log, reading, [topic], { maxRecords: 2 }, async batch => {
        if (batch.records.some(one => one.timestamp === 1002)) await release.opened
      })
      await vi.waitFor(async () => {
        expect(await lagOf(reading)).toEqual({ topic, group: reading, records: 3, oldestTimestamp: 1002 })
      }, { timeout: 10_000 })
      release.open()
      await collected.until(5)
      await vi.waitFor(async () => {
        expect(await lagOf(reading)).toEqual({ topic, group: reading, records: 0, oldestTimestamp: undefined })
      }, { timeout: 10_000 })
      expect(await lagOf(idle)).toMatchObject({ records: 5 })
    })
  })
}
