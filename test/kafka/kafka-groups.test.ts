import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import type { LogBatch } from '../../log/log-consumer.ts'
import type { Log } from '../../log/log.ts'
import type { LogRecord } from '../../log/log-writer.ts'
import { consumeOptions, type Gate, gate, textOf } from '../log/log-fixtures.ts'
import { createSpace, keyFor, type LogSpace, untilOpen } from './log-space.ts'
import { describeWithKafka } from './require-kafka.ts'

const partitions = 6

/** One consumer of the group. While its gate is closed, its batches are not acknowledged; once one is aborted, never. */
interface Member {
  readonly log: Log
  /** Texts of what was handed over, acknowledged or not. */
  readonly given: string[]
  /** Texts of what was acknowledged. */
  readonly done: string[]
  readonly batches: LogBatch[]
  gate: Gate | undefined
}

describeWithKafka('the consumers of a group', ({ brokers }) => {
  async function join (space: LogSpace, held?: Gate): Promise<Member> {
    const { log } = await space.open()
    const member: Member = { log, given: [], done: [], batches: [], gate: held }
    await log.consume(consumeOptions(space.group, [space.topic]), async (batch) => {
      const texts = batch.records.map(textOf)
      member.batches.push(batch)
      member.given.push(...texts)
      if (member.gate !== undefined) await untilOpen(member.gate, batch)
      member.done.push(...texts)
    })
    return member
  }

  /** Appends to all partitions alike; returns the texts. */
  async function append (space: LogSpace, log: Log, phase: string, count = 120): Promise<readonly string[]> {
    const records = Array.from({ length: count }, (_, i): LogRecord => ({ topic: space.topic, key: keyFor(i % partitions, partitions), timestamp: Date.now(), value: Buffer.from(`${phase} ${i}`) }))
    await Promise.all(records.map(async (record) => { await log.intake.append([record]) }))
    return records.map(({ value }) => value.toString())
  }

  const sorted = (texts: readonly string[]): readonly string[] => [...texts].sort()
  const atLeast = async (texts: readonly string[], ...members: readonly Member[]): Promise<void> => {
    await vi.waitFor(() => {
      const done = new Set(members.flatMap((member) => member.done))
      expect(texts.filter((text) => !done.has(text))).toEqual([])
    }, { timeout: 60_000, interval: 100 })
  }

  test.concurrent('share the partitions, and handle every record once', async ({ expect, onTestFinished }) => {
    const space = createSpace(brokers, partitions)
    onTestFinished(space.dispose)
    const [a, b] = [await join(space), await join(space)]
    await space.members(2)
    const texts = await append(space, a.log, 'shared', 300)
    await atLeast(texts, a, b)
    await space.read(a.log)
    expect(sorted([...a.given, ...b.given])).toEqual(sorted(texts))
    expect(a.given).toHaveLength(150)
  })

  test.concurrent('repeat, when one joins or leaves, only what was not acknowledged', async ({ expect, onTestFinished }) => {
    const space = createSpace(brokers, partitions)
    onTestFinished(space.dispose)
    const a = await join(space)
    const first = await append(space, a.log, 'first')
    await atLeast(first, a)
    await space.read(a.log)

    // a joins nothing to b but what it has not acknowledged
    a.gate = gate()
    const second = await append(space, a.log, 'second')
    await vi.waitFor(() => { expect(new Set(a.batches.filter(({ signal }) => !signal.aborted).map(({ partition }) => partition)).size).toBe(partitions) }, { timeout: 60_000 })
    const b = await join(space)
    await space.members(2)
    await vi.waitFor(() => { expect(b.done.length).toBe(second.length / 2) }, { timeout: 60_000, interval: 100 })
    a.gate.open()
    a.gate = undefined
    await atLeast(second, a, b)
    await space.read(a.log)
    expect(sorted([...a.done, ...b.done])).toEqual(sorted([...first, ...second]))

    // the same when a leaves
    a.gate = gate()
    const third = await append(space, b.log, 'third')
    await a.log.close()
    await atLeast(third, b)
    const fourth = await append(space, b.log, 'fourth')
    await atLeast(fourth, b)
    await space.read(b.log)
    expect(sorted([...a.done, ...b.done])).toEqual(sorted([...first, ...second, ...third, ...fourth]))
  })

  test.concurrent('are not thrown out while a handler takes longer than the session, and handle its batch once', async ({ expect, onTestFinished }) => {
    const [alone, joined] = [createSpace(brokers, partitions), createSpace(brokers, partitions)]
    onTestFinished(async () => { await Promise.all([alone.dispose(), joined.dispose()]) })
    const held = gate()
    const memberIds = async (space: LogSpace): Promise<readonly string[]> => await space.inKafka(async (admin) => (await admin.describeGroups([space.prefix + space.group])).groups.flatMap(({ members }) => members.map(({ memberId }) => memberId)).sort())
    const [a, b] = await Promise.all([join(alone, held), join(joined, held)])
    const texts = await append(alone, a.log, 'long')
    await append(joined, b.log, 'long')
    for (const one of [a, b]) await vi.waitFor(() => { expect(new Set(one.batches.map(({ partition }) => partition)).size).toBe(partitions) }, { timeout: 60_000 })
    const givenTo = [a.given.length, b.given.length]
    const c = await join(joined)
    await Promise.all([alone.members(1), joined.members(2)])
    const before = [await memberIds(alone), await memberIds(joined)]
    // the session is 15 s
    await sleep(20_000)
    expect([await memberIds(alone), await memberIds(joined)]).toEqual(before)
    expect([a.given.length, b.given.length]).toEqual(givenTo)
    held.open()
    await atLeast(texts, a)
    await atLeast(texts, b, c)
    await Promise.all([alone.read(a.log), joined.read(b.log)])
    const more = await append(alone, a.log, 'more')
    await append(joined, b.log, 'more')
    await atLeast(more, a)
    await atLeast(more, b, c)
    expect(sorted(a.given)).toEqual(sorted([...texts, ...more]))
    expect(sorted([...b.done, ...c.done])).toEqual(sorted([...texts, ...more]))
  })
})
