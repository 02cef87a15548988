import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ConsumedRecord } from '../../log/log-consumer.ts'
import { openEmbeddedLog } from '../../log/embedded/open-embedded-log.ts'
import type { Log } from '../../log/log.ts'
import { collect, record } from './log-fixtures.ts'

const childScript = fileURLToPath(new URL('append-until-killed.mjs', import.meta.url))
const topics = [{ name: 'raw', groups: ['checked', 'consumed'] }, { name: 'drained', groups: ['consumed'] }]

describe('embedded log under kill -9', () => {
  let path = ''
  beforeEach(async () => { path = await mkdtemp(join(tmpdir(), 'embedded-log-')) })
  afterEach(async () => { await rm(path, { recursive: true }) })

  function openLog (): Promise<Log> {
    return openEmbeddedLog({ path, topics, backlogLimitBytes: 1024 ** 3, diskReserveBytes: 0, onDamaged: () => {} })
  }

  /** What the child had said in whole lines when it was killed. */
  async function runAndKill (round: number): Promise<readonly string[]> {
    const child = spawn(process.execPath, [childScript, path, `${round}`], { stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = once(child, 'exit')
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => { output += text })
    const begun = vi.waitFor(() => { expect(output).toContain('ack ') }, { timeout: 30_000, interval: 5 })
    await Promise.race([begun, exited])
    await sleep(100 + Math.random() * 300)
    expect(child.kill('SIGKILL')).toBe(true)
    const [code, signal] = await exited as [number | null, string | null]
    expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' })
    return output.split('\n').slice(0, -1)
  }

  test('what was acknowledged is there once, whole, and under the offset that a consumer saw', async () => {
    const acknowledged: string[] = []
    const got = new Map<number, string>()
    for (let round = 0; round < 8; round++) {
      for (const line of await runAndKill(round)) {
        const [kind, ...rest] = line.split(' ')
        if (kind === 'ack') {
          acknowledged.push(rest.join(' '))
        } else {
          const [offset = '', text = ''] = rest
          // a restarted consumer may see a record again, but never another one under its offset
          expect(got.get(Number(offset)) ?? text).toBe(text)
          got.set(Number(offset), text)
        }
      }
    }
    expect(acknowledged.length).toBeGreaterThan(100)
    expect(got.size).toBeGreaterThan(100)

    const log = await openLog()
    try {
      const total = (await log.lag()).find(one => one.group === 'checked')?.records ?? 0
      const seen = await collect(log, 'checked', ['raw']).until(total)
      expect(seen.map(one => one.offset)).toEqual(Array.from({ length: total }, (_, i) => i))
      const texts = seen.map(textOf)
      expect(new Set(texts).size).toBe(texts.length)
      const there = new Set(texts)
      expect(acknowledged.filter(text => !there.has(text))).toEqual([])
      expect([...got].filter(([offset, text]) => texts[offset] !== text)).toEqual([])
    } finally {
      await log.close()
    }
  }, 120_000)

  test('a process that appends beside us, and dies of it, takes nothing of ours along', async () => {
    const log = await openLog()
    try {
      const theirs: string[] = []
      const ours: string[] = []
      const seen = collect(log, 'checked', ['raw'])
      for (let round = 0; round < 3; round++) {
        const stop = new AbortController()
        const appending = Promise.all(Array.from({ length: 4 }, async (_, appender) => {
          for (let n = 0; !stop.signal.aborted; n++) {
            const text = `ours:${round}:${appender}:${n}`
            await log.intake.append([record('raw', text)])
            ours.push(text)
          }
        }))
        const lines = await runAndKill(round)
        stop.abort()
        await appending
        theirs.push(...lines.flatMap(line => line.startsWith('ack ') ? [line.slice(4)] : []))
      }
      const total = ((await log.lag()).find(one => one.group === 'checked')?.records ?? 0) + seen.count()
      const records = await seen.until(total)
      expect(records.map(one => one.offset)).toEqual(Array.from({ length: total }, (_, i) => i))
      const texts = records.map(textOf)
      expect(new Set(texts).size).toBe(total)
      expect(texts.filter(text => text.startsWith('ours:'))).toHaveLength(ours.length)
      const there = new Set(texts)
      expect([...ours, ...theirs].filter(text => !there.has(text))).toEqual([])
      expect(theirs.length).toBeGreaterThan(50)
    } finally {
      await log.close()
    }
  }, 120_000)

  test('a log that another process appends to all the time is opened again and again, and never taken for damaged', async () => {
    const child = spawn(process.execPath, [childScript, path, '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = once(child, 'exit')
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => { output += text })
    await vi.waitFor(() => { expect(output).toContain('ack ') }, { timeout: 30_000, interval: 5 })
    for (let round = 0; round < 60; round++) await (await openLog()).close()
    expect(child.kill('SIGKILL')).toBe(true)
    await exited
    await (await openLog()).close()
  }, 120_000)

  test('the bytes held come out right, and everything can be trimmed', async () => {
    for (let round = 0; round < 3; round++) await runAndKill(round)
    const log = await openLog()
    try {
      const lag = await log.lag()
      const left = (group: string, topic: string) => lag.find(one => one.group === group && one.topic === topic)?.records ?? 0
      for (const [group, topic] of [['checked', 'raw'], ['consumed', 'raw'], ['consumed', 'drained']] as const) {
        await collect(log, group, [topic]).until(left(group, topic))
      }
      await vi.waitFor(async () => { expect((await log.backlog())?.bytes).toBe(0) }, { timeout: 20_000 })
      await log.intake.append([record('raw', 'goes on')])
    } finally {
      await log.close()
    }
  }, 120_000)
})

function textOf ({ value }: ConsumedRecord): string {
  return value.toString().trimEnd()
}
