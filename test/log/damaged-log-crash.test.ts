import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEmbeddedLog } from '../../log/embedded/open-embedded-log.ts'
import type { DamagedRecords } from '../../log/embedded/damaged-batches.ts'
import { collect, record } from './log-fixtures.ts'

const script = fileURLToPath(new URL('read-damaged.mjs', import.meta.url))
const pageBytes = 4096
/** More of them find more: DAMAGE_SEEDS=500. */
const seeds = Number(process.env['DAMAGE_SEEDS'] ?? 12)

interface Outcome {
  readonly opened: boolean
  readonly code?: string
  readonly message?: string
  readonly values: ReadonlyArray<readonly [string, number, string]>
  readonly damaged: readonly DamagedRecords[]
  readonly errors: readonly string[]
  readonly probe: string
  readonly next: readonly [string, number, string]
  readonly heldBytes: number
}

/** The same numbers from the same seed. */
function random (seed: number): () => number {
  let state = seed
  return () => {
    state = Math.imul(state ^ state >>> 15, state | 1) + 0x6d2b79f5 | 0
    const mixed = Math.imul(state ^ state >>> 7, state | 61) ^ state
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32
  }
}

describe('a log whose file is not as it was written', () => {
  let folder = ''
  /** A log with a backlog in two topics, whose oldest half was read and trimmed. */
  let sound: Buffer
  const expected: Array<readonly [string, number, string]> = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'damaged-log-'))
    const path = join(folder, 'sound')
    const log = await openEmbeddedLog({
      path, topics: [{ name: 'raw', groups: ['g', 'h'] }, { name: 'orders', groups: ['g'] }], backlogLimitBytes: 1024 ** 3, diskReserveBytes: 0, onDamaged: () => {}
    })
    for (let n = 0; n < 400; n++) {
      const text = `coins=${n} ${'x'.repeat(n % 50 === 0 ? 20_000 : n % 300)}`
      await log.internal.append([record('raw', text), ...(n % 4 === 0 ? [record('orders', text)] : [])])
      if (n >= 200) expected.push(['raw', n, text])
      if (n % 4 === 0) expected.push(['orders', n / 4, text])
    }
    const readers = ['g', 'h'].map(group => collect(log, group, ['raw'], { maxRecords: 1 }, async ({ records }) => {
      if ((records[0]?.offset ?? 0) >= 200) throw new Error('enough')
    }))
    for (const reader of readers) await reader.until(200)
    for (const reader of readers) await reader.close()
    await log.close()
    sound = readFileSync(join(path, 'data.mdb'))
  })
  afterAll(async () => { await rm(folder, { recursive: true }) })

  let attempts = 0
  /** Rejects where the process was ended by a signal. */
  async function readAfter (change: (file: Buffer) => Buffer): Promise<Outcome & { readonly path: string }> {
    const path = join(folder, `${attempts++}`)
    mkdirSync(path)
    writeFileSync(join(path, 'data.mdb'), change(Buffer.from(sound)))
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, path], { timeout: 60_000, maxBuffer: 64 * 1024 ** 2 })
    expect(stderr).toBe('')
    return { ...JSON.parse(stdout) as Outcome, path }
  }

  const positionsOf = (values: Outcome['values']) => values.map(([topic, offset]) => `${topic}:${offset}`)

  test('as it was: everything is delivered', async () => {
    const outcome = await readAfter(file => file)
    expect(outcome).toMatchObject({ opened: true, damaged: [], errors: [], probe: 'ready', next: ['raw', 400, 'afterwards'], heldBytes: 0 })
    expect([...outcome.values].sort()).toEqual([...expected].sort())
  })

  test('one byte of a value: the record batch is kept aside and reported, everything else is delivered', async () => {
    const outcome = await readAfter(file => {
      const at = file.indexOf('coins=300 ')
      file[at + 6] = '9'.charCodeAt(0)
      return file
    })
    expect(outcome).toMatchObject({ opened: true, errors: [], probe: 'ready', heldBytes: 0 })
    expect(outcome.values.filter(([, , text]) => text.startsWith('coins=900'))).toEqual([])
    const [first] = outcome.damaged
    if (first === undefined) throw new Error('expected a damaged record batch')
    expect(outcome.damaged.every(({ topic, offset, next }) => topic === first.topic && offset === first.offset && next === first.next)).toBe(true)
    expect(statSync(first.file).mode & 0o777).toBe(0o600)
    expect(readFileSync(first.file).includes('coins=900')).toBe(true)
    const missing = expected.filter(([topic, offset]) => !(topic === first.topic && offset >= first.offset && offset < first.next))
    expect(missing.length).toBe(expected.length - (first.next - first.offset))
    expect(positionsOf(outcome.values).sort()).toEqual(positionsOf(missing).sort())
  })

  test('the last record batch of all: what comes afterwards has an offset of its own, and is delivered', async () => {
    const outcome = await readAfter(file => {
      const at = file.lastIndexOf('coins=399 ')
      file.write('C', at)
      return file
    })
    expect(outcome).toMatchObject({ opened: true, errors: [], probe: 'ready', heldBytes: 0 })
    expect(outcome.damaged.map(({ topic, offset, group }) => ({ topic, offset, group })).sort((a, b) => a.group.localeCompare(b.group)))
      .toEqual([{ topic: 'raw', offset: 399, group: 'g' }, { topic: 'raw', offset: 399, group: 'h' }])
    expect(outcome.next[1]).toBeGreaterThan(399)
    expect(outcome.values.length).toBe(expected.length - 1)
  })

  test.each<[string, (file: Buffer) => Buffer, string]>([
    ['half a file', file => file.subarray(0, Math.floor(file.length / 2 / pageBytes) * pageBytes), 'its end before page'],
    ['a file cut within a page', file => file.subarray(0, file.length / 2 + 100), 'its end before page'],
    ['a zeroed first page', file => file.fill(0, 0, pageBytes), 'no meta page'],
    ['a zeroed second page', file => file.fill(0, pageBytes, 2 * pageBytes), 'no second meta page'],
    ['both meta pages zeroed', file => file.fill(0, 0, 2 * pageBytes), 'no meta page'],
    ['the newer meta page of long ago', file => {
      const [first, second] = [0, pageBytes].map(at => file.readBigUInt64LE(at + 152)) as [bigint, bigint]
      file.writeBigUInt64LE(3n, (first > second ? 0 : pageBytes) + 152)
      return file
    }, 'do not follow one another'],
    ['something else', () => Buffer.from('no LMDB at all'), 'no meta page']
  ])('%s: refused with a reason, before LMDB opens it', async (_name, change, finding) => {
    const outcome = await readAfter(change)
    expect(outcome).toMatchObject({ opened: false, code: 'LOG_DAMAGED', message: expect.stringContaining(finding) as string })
    expect(outcome.message).toContain('docs/operations.md')
  })

  test('an empty file is a new log', async () => {
    expect(await readAfter(() => Buffer.alloc(0))).toMatchObject({ opened: true, values: [], next: ['raw', 0, 'afterwards'] })
  })

  test.each(Array.from({ length: seeds }, (_, seed) => seed + 1))('flipped bits, seed %i: refused with a reason, or damaged record batches are kept aside and no wrong byte is delivered', async (seed) => {
    const next = random(seed)
    // from a single bit to four hundred
    const flips = Math.ceil(400 ** ((seed - 1) % 12 / 11))
    const outcome = await readAfter(file => {
      for (let n = 0; n < flips; n++) {
        const at = Math.floor(next() * file.length)
        file[at] = (file[at] ?? 0) ^ 1 << Math.floor(next() * 8)
      }
      return file
    })
    if (!outcome.opened) {
      expect(outcome.code).toBe('LOG_DAMAGED')
      return
    }
    expect(outcome.errors).toEqual([])
    const texts = new Map(expected.map(([topic, offset, text]) => [`${topic}:${offset}`, text]))
    expect(outcome.values.filter(([topic, offset, text]) => texts.get(`${topic}:${offset}`) !== text)).toEqual([])
    const given = new Set(positionsOf(outcome.values))
    const lost = expected.filter(([topic, offset]) => !given.has(`${topic}:${offset}`))
    expect(lost.filter(([topic, offset]) => !outcome.damaged.some(one => one.topic === topic && offset >= one.offset && offset < one.next))).toEqual([])
  })
})
