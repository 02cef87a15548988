import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createWarehouseClient, type ClickHouseClient } from '../../warehouse/clickhouse-client.ts'
import type { LockClock } from '../../warehouse/migrations/lock-clock.ts'
import { acquireMigrationLock, type MigrationLock } from '../../warehouse/migrations/migration-lock.ts'
import { migrate, type MigrateResult } from '../../warehouse/migrations/migrator.ts'
import { manualClock, type ManualClock } from './manual-clock.ts'
import { silent } from './server-fixture.ts'
import { startTestWarehouse, type TestWarehouse } from './test-warehouse.ts'

let server: TestWarehouse
let client: ClickHouseClient
let root: string

beforeAll(async () => {
  server = await startTestWarehouse()
  client = createWarehouseClient(server.connection)
})
afterAll(async () => {
  await client.close()
  await server.close()
})
beforeEach(async () => {
  await client.command({ query: 'DROP TABLE IF EXISTS landing.applied SYNC' }).catch(() => {})
  for (const table of ['schema_migrations', 'schema_views', 'migration_lock']) await client.command({ query: `DROP TABLE IF EXISTS landing.${table} SYNC` }).catch(() => {})
  root = await folder('SELECT sleep(0.5)')
})
afterEach(async () => { await rm(root, { recursive: true }) })

/** A project whose one migration does `work`, then leaves a row behind each time that it is applied. */
async function folder (work: string): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'sql-'))
  await mkdir(join(path, 'migrations'))
  await mkdir(join(path, 'views'))
  await writeFile(join(path, 'migrations/001_one.sql'), `CREATE TABLE IF NOT EXISTS landing.applied (at DateTime64(3)) ENGINE = MergeTree ORDER BY at;\n${work};\nINSERT INTO landing.applied VALUES (now64(3));`)
  await writeFile(join(path, 'views/10_view.sql'), 'INSERT INTO landing.applied VALUES (now64(3));')
  return path
}

async function rows (query: string): Promise<unknown[]> {
  const answer = await client.query({ query, format: 'JSONCompactEachRow' })
  return await answer.json()
}

async function migrateWithOwnClient (lockExpiryMs: number, { messages = [], clock }: { readonly messages?: string[], readonly clock?: LockClock } = {}): Promise<MigrateResult> {
  const own = createWarehouseClient(server.connection)
  const logger = pino({}, { write: (line: string) => { messages.push((JSON.parse(line) as { msg: string }).msg) } })
  try {
    return await migrate({ client: own, connection: server.connection, root, logger, lockExpiryMs, lockClock: clock })
  } finally {
    await own.close()
  }
}

test('of ten that migrate an empty server at once, one applies each statement once; the others wait, and find it done', async () => {
  const messages: string[] = []
  const results = await Promise.all(Array.from({ length: 10 }, async () => await migrateWithOwnClient(30_000, { messages })))
  expect(results.filter(({ applied }) => applied.length > 0)).toEqual([{ applied: ['001_one.sql'], views: ['10_view.sql'] }])
  expect(await rows('SELECT toUInt32(count()) FROM landing.applied')).toEqual([[2]])
  expect(await rows('SELECT toUInt32(uniqExact(epoch)), toUInt32(countIf(released)) FROM landing.migration_lock')).toEqual([[1, 1]])
  expect(messages).toContain('another process applies migrations; waiting for it')
  expect(messages.filter((message) => message === 'another process has applied the migrations')).toHaveLength(9)
})

/** What the lock's table says. */
async function epochs (): Promise<{ readonly epoch: number, readonly beat: number }> {
  const [[epoch, beat] = [0, 0]] = await rows('SELECT toUInt32(epoch), toUInt32(max(beat)) FROM landing.migration_lock GROUP BY epoch ORDER BY epoch DESC LIMIT 1') as Array<[number, number]>
  return { epoch, beat }
}

test('a holder that is killed blocks the others until its lock expires; then one of them takes over', async () => {
  const slow = await folder('SELECT sleepEachRow(1) FROM numbers(60) SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 100000000')
  const { url, user, password } = server.connection
  const child = spawn(process.execPath, [fileURLToPath(new URL('migrate-until-killed.mjs', import.meta.url)), url, user, password, slow, '6000'], { stdio: ['ignore', 'inherit', 'inherit'] })
  while ((await rows("SELECT count() FROM system.processes WHERE query LIKE 'SELECT sleepEachRow%'") as [[number | string]])[0][0].toString() === '0') await delay(50)
  const clock = manualClock()
  const waiting = Array.from({ length: 5 }, async () => await migrateWithOwnClient(20_000, { clock }))
  // Longer than the expiry: as long as it beats, it keeps the lock.
  for (let beats = 0; beats < 3; beats++) {
    const { beat } = await epochs()
    await vi.waitFor(async () => { expect((await epochs()).beat).toBeGreaterThan(beat) }, { timeout: 60_000 })
    await delay(500)
    clock.advance(8_000)
  }
  expect(await rows('SELECT toUInt32(count()) FROM landing.applied')).toEqual([[0]])
  expect((await epochs()).epoch).toBe(1)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const results = await clock.advanceUntil(Promise.all(waiting))
  expect(results.filter(({ applied }) => applied.length > 0)).toHaveLength(1)
  expect(await rows('SELECT toUInt32(count()) FROM landing.applied')).toEqual([[2]])
  await rm(slow, { recursive: true })
})

interface LockTestOptions {
  readonly clock?: ManualClock
  readonly as?: ClickHouseClient
}

async function lock (expiryMs: number, { clock = manualClock(), as = client }: LockTestOptions = {}): Promise<MigrationLock | undefined> {
  return await acquireMigrationLock({ client: as, logger: silent, expiryMs, needless: async () => false, clock })
}

test('a holder that could not renew its lock in time does not go on', async () => {
  await migrateWithOwnClient(30_000)
  const clock = manualClock()
  const held = await lock(1_000, { clock })
  clock.advance(400)
  expect(() => { held?.assertHeld() }).not.toThrow()
  clock.advance(300)
  expect(() => { held?.assertHeld() }).toThrow(unavailable)
  await held?.release()
})

describe('a wall clock that is set', () => {
  test('back by 600 s leaves no holder a lock that has lapsed', async () => {
    await migrateWithOwnClient(30_000)
    const clock = manualClock()
    const held = await lock(1_000, { clock })
    clock.setWall(-600_000)
    clock.advance(700)
    expect(() => { held?.assertHeld() }).toThrow(unavailable)
    await held?.release()
  })

  test('forward by 600 s does not make a waiting process count the holder as dead', async () => {
    await migrateWithOwnClient(30_000)
    const held = await lock(30_000)
    const clock = manualClock()
    const polls = counted()
    const next = lock(30_000, { clock, as: polls.client })
    await polls.more(2)
    clock.setWall(600_000)
    await polls.more(3)
    expect((await epochs()).epoch).toBe(2)
    await held?.release()
    await (await next)?.release()
  })
})

/** The client, with one of its methods behind `around`. */
function around<Name extends 'insert' | 'query'> (name: Name, wrapped: (real: () => Promise<unknown>) => Promise<unknown>): ClickHouseClient {
  return new Proxy(client, {
    get (target, key) {
      const member: unknown = Reflect.get(target, key)
      if (typeof member !== 'function') return member
      const real = (...all: unknown[]): unknown => Reflect.apply(member, target, all)
      return key === name ? async (...all: unknown[]) => await wrapped(async () => await real(...all)) : real
    }
  })
}

const unavailable = expect.objectContaining({ code: 'WAREHOUSE_UNAVAILABLE' }) as Error

/** A client that counts its queries, and a wait for that many more: a waiting process makes one each time that it looks. */
function counted (): { readonly client: ClickHouseClient, more (queries: number): Promise<void> } {
  let done = 0
  return {
    client: around('query', async (real) => {
      const answer = await real()
      done++
      return answer
    }),
    async more (queries) {
      const goal = done + queries
      await vi.waitFor(() => { expect(done).toBeGreaterThanOrEqual(goal) }, { timeout: 60_000 })
    }
  }
}

test('a lock that has lapsed stays lost, though renewing it succeeds again', async () => {
  await migrateWithOwnClient(30_000)
  const clock = manualClock()
  let away = false
  let beats = 0
  let renewals = 0
  const beating = around('insert', async (real) => {
    beats++
    if (away) throw new Error('away')
    return await real()
  })
  // a renewal counts once its own look at the lock was answered and read
  const watched = new Proxy(beating, {
    get (target, key) {
      if (key !== 'query') return Reflect.get(target, key) as unknown
      return async (...all: Parameters<ClickHouseClient['query']>) => {
        const answer = await target.query(...all)
        return {
          async json () {
            const rows = await answer.json()
            setImmediate(() => { renewals++ })
            return rows
          }
        }
      }
    }
  })
  const held = await lock(2_400, { clock, as: watched })
  const beat = async (): Promise<void> => {
    const before = beats
    clock.beat()
    await vi.waitFor(() => { expect(beats).toBe(before + 1) })
  }
  clock.advance(1_000)
  // those of taking the lock are counted by then
  await new Promise((resolve) => { setTimeout(resolve, 10) })
  const before = renewals
  await beat()
  await vi.waitFor(() => { expect(renewals).toBe(before + 1) })
  clock.advance(1_000)
  held?.assertHeld()
  away = true
  await beat()
  // Nobody asks while it lapses; the next beat would reach the server.
  clock.advance(300)
  away = false
  clock.beat()
  expect(() => { held?.assertHeld() }).toThrow(unavailable)
  await held?.release()
  expect(() => { held?.assertHeld() }).toThrow(unavailable)
})

test('a holder whose place was taken finds out by its next beat', async () => {
  await migrateWithOwnClient(30_000)
  const clock = manualClock()
  const held = await lock(3_000, { clock })
  await client.command({ query: "INSERT INTO landing.migration_lock (epoch, holder, beat, released) SELECT max(epoch) + 1, 'another', 0, true FROM landing.migration_lock" })
  held?.assertHeld()
  clock.beat()
  await vi.waitFor(() => { expect(() => { held?.assertHeld() }).toThrow(unavailable) })
  await held?.release()
})

test('a waiting process whose answer comes late does not count the holder as dead', async () => {
  await migrateWithOwnClient(30_000)
  const held = await lock(3_000)
  const clock = manualClock()
  let asked = 0
  const sleepy = around('query', async (real) => {
    const answer = await real()
    if (++asked === 2) {
      // the holder goes on beating meanwhile
      await client.command({ query: 'INSERT INTO landing.migration_lock (epoch, holder, beat, released) SELECT epoch, any(holder), max(beat) + 1, false FROM landing.migration_lock GROUP BY epoch ORDER BY epoch DESC LIMIT 1' })
      clock.advance(4_000)
    }
    return answer
  })
  const next = lock(3_000, { clock, as: sleepy })
  await vi.waitFor(() => { expect(asked).toBeGreaterThan(4) }, { timeout: 60_000 })
  expect((await epochs()).epoch).toBe(2)
  held?.assertHeld()
  await held?.release()
  await (await next)?.release()
})

test('a file is not noted as applied by a process that has lost its lock', async () => {
  const slow = await folder('SELECT 1')
  await writeFile(join(slow, 'migrations/001_one.sql'), "INSERT INTO landing.migration_lock (epoch, holder, beat, released) SELECT max(epoch) + 1, 'another', 0, true FROM landing.migration_lock; SELECT sleepEachRow(1) FROM numbers(2)")
  await expect(migrate({ client, connection: server.connection, root: slow, logger: silent, lockExpiryMs: 3_000 })).rejects.toMatchObject({ code: 'WAREHOUSE_UNAVAILABLE' })
  expect(await rows('SELECT version FROM landing.schema_migrations')).toEqual([])
  await rm(slow, { recursive: true })
})

test('a lock that was taken over is not given back by the one that lost it', async () => {
  await migrateWithOwnClient(30_000)
  const lost = await lock(1_000)
  // Stopped, as by SIGSTOP, for so long that another one takes over.
  await client.command({ query: "INSERT INTO landing.migration_lock (epoch, holder, beat, released) SELECT max(epoch) + 1, 'another', 0, false FROM landing.migration_lock" })
  await lost?.release()
  const clock = manualClock()
  const polls = counted()
  const next = lock(2_000, { clock, as: polls.client })
  await polls.more(3)
  expect((await epochs()).epoch).toBe(3)
  await (await clock.advanceUntil(next))?.release()
  expect((await epochs()).epoch).toBe(4)
})

test('an epoch whose token is known but has no row, as after the death of a server, expires', async () => {
  await migrateWithOwnClient(30_000)
  await client.insert({ table: 'landing.migration_lock', values: [{ epoch: 1, holder: 'none', beat: 0, released: true }], format: 'JSONEachRow', clickhouse_settings: { insert_deduplicate: 1, insert_deduplication_token: 'migration-lock-2' } })
  const clock = manualClock()
  const polls = counted()
  const next = lock(800, { clock, as: polls.client })
  await polls.more(4)
  expect((await epochs()).epoch).toBe(1)
  const held = await clock.advanceUntil(next)
  held?.assertHeld()
  expect((await epochs()).epoch).toBe(3)
  await held?.release()
})

test('a wait ends with the signal', async () => {
  await migrateWithOwnClient(30_000)
  const held = await lock(30_000)
  const stop = new AbortController()
  const waiting = acquireMigrationLock({ client, logger: silent, expiryMs: 30_000, needless: async () => false, signal: stop.signal })
  setTimeout(() => { stop.abort() }, 300)
  await expect(waiting).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
  await held?.release()
})
