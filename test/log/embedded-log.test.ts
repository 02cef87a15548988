import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { openEmbeddedLog } from '../../log/embedded/open-embedded-log.ts'
import type { Log, TopicDefinition } from '../../log/log.ts'
import { describeLogContract } from './log-contract.ts'
import { collect, consumeOptions, record, textOf } from './log-fixtures.ts'

const wide = 1024 ** 3

describeLogContract('embedded', async topics => {
  const path = await newPath()
  let log = await openEmbeddedLog({ path, topics, backlogLimitBytes: wide, diskReserveBytes: 0, onDamaged: () => {} })
  return {
    log,
    async reopen () {
      await log.close()
      log = await openEmbeddedLog({ path, topics, backlogLimitBytes: wide, diskReserveBytes: 0, onDamaged: () => {} })
      return log
    },
    async dispose () {
      await log.close()
      await rm(path, { recursive: true })
    }
  }
})

describe('embedded log', () => {
  const open = new Set<Log>()
  const paths = new Set<string>()
  afterEach(async () => {
    for (const log of open) await log.close()
    open.clear()
    for (const path of paths) await rm(path, { recursive: true })
    paths.clear()
  })

  const topics: readonly TopicDefinition[] = [{ name: 'raw', groups: ['transform', 'archive'] }, { name: 'orders', groups: ['load'] }]

  async function openAt (path: string, backlogLimitBytes = wide, definitions = topics): Promise<Log> {
    const log = await openEmbeddedLog({ path, topics: definitions, backlogLimitBytes, diskReserveBytes: 0, onDamaged: () => {} })
    open.add(log)
    return log
  }

  async function openNew (backlogLimitBytes = wide): Promise<{ log: Log, path: string }> {
    const path = await newPath()
    paths.add(path)
    return { log: await openAt(path, backlogLimitBytes), path }
  }

  async function heldBytes (log: Log): Promise<number> {
    return (await log.backlog())?.bytes ?? NaN
  }

  async function drain (log: Log, count: number): Promise<void> {
    const collectors = [collect(log, 'transform', ['raw']), collect(log, 'archive', ['raw'])]
    await Promise.all(collectors.map(one => one.until(count)))
    await Promise.all(collectors.map(one => one.close()))
  }

  async function appendUntilFull (log: Log, value: Buffer): Promise<number> {
    for (let n = 0; n < 100_000; n++) {
      try {
        await log.intake.append([{ ...record('raw', ''), value }])
      } catch (error) {
        expect(error).toMatchObject({ code: 'LOG_BACKLOG_FULL' })
        return n
      }
    }
    throw new Error('the log never filled')
  }

  test('a topic that nobody reads is refused at open', async () => {
    const path = await newPath()
    paths.add(path)
    await expect(openEmbeddedLog({ path, topics: [{ name: 'unread', groups: [] }], backlogLimitBytes: wide, diskReserveBytes: 0, onDamaged: () => {} }))
      .rejects.toMatchObject({ code: 'INTERNAL', message: expect.stringContaining('unread') as string })
  })

  test('a group that the topic does not know, or that already reads it, is refused', async () => {
    const { log } = await openNew()
    await expect(log.consume(consumeOptions('stranger', ['raw']), async () => {})).rejects.toMatchObject({ code: 'INTERNAL', message: expect.stringContaining('stranger') as string })
    await log.consume(consumeOptions('load', ['orders']), async () => {})
    await expect(log.consume(consumeOptions('load', ['orders']), async () => {})).rejects.toMatchObject({ code: 'INTERNAL' })
  })

  test('over the limit intake is refused and internal is not; after trimming intake is taken again', async () => {
    const { log } = await openNew(100_000)
    const accepted = await appendUntilFull(log, Buffer.alloc(1000))
    expect(accepted).toBeGreaterThan(80)
    expect(accepted).toBeLessThan(110)
    await expect(log.intake.probe()).rejects.toMatchObject({ code: 'LOG_BACKLOG_FULL' })
    await log.internal.probe()
    await log.internal.append([record('orders', 'moves on')])

    await drain(log, accepted)
    await vi.waitFor(async () => { await log.intake.probe() }, { timeout: 10_000 })
    await log.intake.append([record('raw', 'again')])
  })

  test('intake is taken again once another process has drained the log, though nothing asks this one for its backlog', async () => {
    const { log, path } = await openNew(100_000)
    const accepted = await appendUntilFull(log, Buffer.alloc(1000))
    const other = await openAt(path)
    await drain(other, accepted)
    await vi.waitFor(async () => { expect(await heldBytes(other)).toBe(0) }, { timeout: 10_000 })
    await log.intake.append([record('raw', 'again')])
  })

  test('concurrent appends cannot get past the limit together', async () => {
    const { log } = await openNew(100_000)
    const results = await Promise.allSettled(Array.from({ length: 500 }, () => log.intake.append([{ ...record('raw', ''), value: Buffer.alloc(1000) }])))
    expect(results.filter(one => one.status === 'fulfilled').length).toBeLessThan(110)
    expect(await heldBytes(log)).toBeLessThan(115_000)
  })

  test('the bytes held are the same after a restart, and none once everything is read', async () => {
    const { log, path } = await openNew()
    for (let i = 0; i < 300; i++) await log.intake.append([{ ...record('raw', ''), value: Buffer.alloc(i * 10) }])
    const all = await heldBytes(log)
    expect(all).toBeGreaterThan(300 * 299 * 5)
    // half of it is read and trimmed
    const collectors = ['transform', 'archive'].map(group => collect(log, group, ['raw'], { maxRecords: 10 }, async batch => {
      if ((batch.records[0]?.offset ?? 0) >= 150) throw new Error('enough')
    }))
    for (const collector of collectors) await collector.until(150)
    for (const collector of collectors) await collector.close()
    const valuesLeft = Array.from({ length: 150 }, (_, i) => (i + 150) * 10).reduce((sum, size) => sum + size)
    await vi.waitFor(async () => { expect(await heldBytes(log)).toBeLessThan(valuesLeft + 150 * 100) }, { timeout: 10_000 })
    const before = await heldBytes(log)
    expect(before).toBeGreaterThan(valuesLeft)

    await log.close()
    const again = await openAt(path)
    expect(await heldBytes(again)).toBe(before)
    await drain(again, 150)
    await vi.waitFor(async () => { expect(await heldBytes(again)).toBe(0) }, { timeout: 10_000 })
  })

  test('the age of what is unread is known without anybody reading', async () => {
    const { log } = await openNew()
    for (let i = 0; i < 5; i++) await log.intake.append([{ ...record('raw', `${i}`), timestamp: 1000 + i }])
    expect((await log.lag()).filter(one => one.topic === 'raw').map(one => one.oldestTimestamp)).toEqual([1000, 1000])
  })

  test('a record stays until its last group has passed it', async () => {
    const { log } = await openNew()
    for (let i = 0; i < 20; i++) await log.intake.append([record('raw', `${i}`)])
    const held = await heldBytes(log)
    const ahead = collect(log, 'transform', ['raw'])
    await ahead.until(20)
    await ahead.close()
    expect(await heldBytes(log)).toBe(held)
    expect((await collect(log, 'archive', ['raw']).until(20)).map(textOf)).toEqual(Array.from({ length: 20 }, (_, i) => `${i}`))
  })

  test('once a subscription is closed, its position is on disk', async () => {
    const { log, path } = await openNew()
    await log.intake.append([record('orders', 'a')])
    const collected = collect(log, 'load', ['orders'])
    await collected.until(1)
    await collected.close()
    // another view of the same disk
    const other = await openAt(path)
    expect((await other.lag()).find(one => one.group === 'load')).toMatchObject({ records: 0 })
  })

  test('offsets go on where they were when a topic was emptied, across a restart', async () => {
    const { log, path } = await openNew()
    for (let i = 0; i < 20; i++) await log.intake.append([record('orders', `${i}`)])
    const collected = collect(log, 'load', ['orders'])
    const last = (await collected.until(20)).at(-1)?.offset
    await collected.close()
    await vi.waitFor(async () => { expect(await heldBytes(log)).toBe(0) }, { timeout: 10_000 })
    await log.close()
    const again = await openAt(path)
    await again.intake.append([record('orders', 'next')])
    expect((await collect(again, 'load', ['orders']).until(1))[0]).toMatchObject({ offset: (last ?? NaN) + 1 })
  })

  test('under steady traffic the file stops growing', async () => {
    const { log, path } = await openNew()
    let consumed = 0
    for (const group of ['transform', 'archive']) {
      await log.consume({ ...consumeOptions(group, ['raw']), maxRecords: 500 }, async batch => { consumed += batch.records.length })
    }
    let appended = 0
    const traffic = async (rounds: number) => {
      for (let round = 0; round < rounds; round++) {
        await Promise.all(Array.from({ length: 32 }, (_, i) => log.intake.append([{ ...record('raw', ''), value: Buffer.alloc(200 + (round * 37 + i * 113) % 4000) }])))
        appended += 32
        await vi.waitFor(() => { expect(appended * 2 - consumed).toBeLessThan(2000) }, { timeout: 10_000, interval: 5 })
      }
    }
    const size = async () => (await stat(join(path, 'data.mdb'))).size
    await traffic(100)
    const early = await size()
    await traffic(400)
    // five times as much has passed through
    expect(await size()).toBeLessThan(early * 2)
  }, 60_000)

  test('the records of one append are in one transaction, over topics and over more than a record batch holds', async () => {
    const { log } = await openNew()
    const many = Array.from({ length: 400 }, (_, i) => ({ ...record('raw', ''), value: Buffer.alloc(1000, i) }))
    await log.internal.append([...many, record('orders', 'with them'), { ...record('raw', ''), value: Buffer.alloc(1_000_000, 1) }])
    expect(await collect(log, 'load', ['orders']).until(1)).toHaveLength(1)
    const seen = await collect(log, 'archive', ['raw']).until(401)
    expect(seen.slice(0, 400).map(one => one.value[0])).toEqual(many.map(one => one.value[0]))
    expect(seen[400]?.value.equals(Buffer.alloc(1_000_000, 1))).toBe(true)
  })

  test('two logs on one environment share offsets, and each sees what the other appends', async () => {
    const { log, path } = await openNew()
    const other = await openAt(path)
    const collected = collect(log, 'load', ['orders'])
    await Promise.all([log, other].flatMap((one, which) => Array.from({ length: 100 }, async (_, i) => {
      await one.internal.append([record('orders', `${which}:${i}`)])
    })))
    const seen = await collected.until(200)
    expect(new Set(seen.map(textOf)).size).toBe(200)
    expect(seen.map(one => one.offset)).toEqual(Array.from({ length: 200 }, (_, i) => i))
    // while this one is idle: nothing of its own makes it look
    await vi.waitFor(async () => { expect(await heldBytes(log)).toBe(0) }, { timeout: 10_000 })
    await other.internal.append([record('orders', 'late')])
    expect((await collected.until(201)).map(textOf).at(-1)).toBe('late')
    await vi.waitFor(async () => { expect(await heldBytes(other)).toBe(0) }, { timeout: 10_000 })
  })
})

async function newPath (): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'embedded-log-'))
}
