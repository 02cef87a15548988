import { afterEach, describe, expect, test, vi } from 'vitest'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { Server } from 'node:net'
import { join } from 'node:path'
import { pino } from 'pino'
import type { EmbeddedServer, EmbeddedServerOptions } from '../../warehouse/embedded/embedded-server.ts'
import { ask, newDataDir, removeDataDir, startTestServer } from './server-fixture.ts'
import type { Answer } from './server-fixture.ts'

// What a test opened, closed in reverse order even when it fails.
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function dataDir (): Promise<string> {
  const path = await newDataDir()
  closers.push(async () => { await removeDataDir(path) })
  return path
}

async function start (options: Partial<EmbeddedServerOptions> & { readonly dataDir: string }): Promise<EmbeddedServer> {
  const server = await startTestServer(options)
  closers.push(async () => { await server.close() })
  return server
}

async function occupy (): Promise<number> {
  const server: Server = createServer()
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  closers.push(async () => { await new Promise((resolve) => server.close(resolve)) })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address')
  return address.port
}

function isAlive (pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function pidOf (server: EmbeddedServer): number {
  if (server.pid === undefined) throw new Error('expected a running server process')
  return server.pid
}

const query = async (server: EmbeddedServer, text: string): Promise<Answer> => await ask(server.url, server.user, server.password, text)
const patient = { timeout: 20_000, interval: 50 }

describe('a server process that ends', () => {
  test('is started again on the same ports, with every acknowledged row', async () => {
    const lines: Record<string, unknown>[] = []
    const logger = pino({ level: 'info' }, { write: (line: string) => { lines.push(JSON.parse(line) as Record<string, unknown>) } })
    const server = await start({ dataDir: await dataDir(), logger })
    await query(server, 'CREATE TABLE kept (n UInt32) ENGINE = MergeTree ORDER BY n')

    for (let round = 1; round <= 4; round++) {
      expect(await query(server, `INSERT INTO kept SELECT number FROM numbers(${(round - 1) * 1000}, 1000)`)).toMatchObject({ status: 200 })
      const killed = pidOf(server)
      process.kill(killed, 'SIGKILL')
      await vi.waitFor(async () => {
        expect(await query(server, 'SELECT count(), uniqExact(n) FROM kept')).toMatchObject({ text: `${round * 1000}\t${round * 1000}` })
      }, patient)
      expect(server.pid).not.toBe(killed)
    }

    const warn = 40
    const error = 50
    expect(lines.filter(({ level }) => level === warn).length).toBeGreaterThanOrEqual(1)
    // Deaths that follow each other quickly need a person.
    expect(lines.filter(({ level }) => level === error).length).toBeGreaterThanOrEqual(1)
    expect(JSON.stringify(lines)).not.toContain(server.password)
  })

  test('is not started again after close, which may be called twice', async () => {
    const server = await start({ dataDir: await dataDir() })
    const pid = pidOf(server)
    await Promise.all([server.close(), server.close()])
    expect(isAlive(pid)).toBe(false)
    await expect(query(server, 'SELECT 1')).rejects.toThrow()
  })

  test('ends with its signal', async () => {
    const abort = new AbortController()
    const server = await start({ dataDir: await dataDir(), signal: abort.signal })
    const pid = pidOf(server)
    abort.abort()
    await vi.waitFor(() => { expect(isAlive(pid)).toBe(false) }, patient)
    await expect(startTestServer({ dataDir: await dataDir(), signal: abort.signal })).rejects.toThrow()
  })
})

test('data, password and configuration of one start serve the next', async () => {
  const path = await dataDir()
  const first = await start({ dataDir: path })
  await query(first, 'CREATE TABLE kept (word String) ENGINE = MergeTree ORDER BY word')
  await query(first, "INSERT INTO kept VALUES ('once')")
  await first.close()
  const second = await start({ dataDir: path, biPassword: 'changed' })
  expect(second.password).toBe(first.password)
  expect(await query(second, 'SELECT word FROM kept')).toMatchObject({ text: 'once' })
  expect(await ask(second.url, 'bi', 'changed', 'SELECT 1')).toMatchObject({ status: 200 })
  expect((await ask(second.url, 'crm', '', 'SELECT 1')).status).not.toBe(200)
})

describe('what keeps a server from starting is said', () => {
  test.each([
    ['CLICKHOUSE_HTTP_PORT', 'httpPort'], ['CLICKHOUSE_TCP_PORT', 'tcpPort']
  ] as const)('a port in use, by its setting %s', async (setting, option) => {
    const port = await occupy()
    await expect(start({ dataDir: await dataDir(), [option]: port, graceMs: 0 }))
      .rejects.toMatchObject({ code: 'PORT_IN_USE', message: expect.stringContaining(setting) as string, fields: { setting, port } })
  })

  test('one port for both protocols', async () => {
    const port = await occupy()
    await closers.pop()?.()
    await expect(start({ dataDir: await dataDir(), httpPort: port, tcpPort: port, graceMs: 0 })).rejects.toMatchObject({ code: 'PORT_IN_USE' })
  })

  test('a data directory that another running server holds', async () => {
    const path = await dataDir()
    const first = await start({ dataDir: path })
    await expect(start({ dataDir: path, graceMs: 300 }))
      .rejects.toMatchObject({ code: 'EMBEDDED_WAREHOUSE_FAILED', message: expect.stringContaining('already in use by another running server') as string })
    expect(await query(first, 'SELECT 1')).toMatchObject({ status: 200 })

    // The one that was refused has left its own configuration behind; the first must still come back on its own ports.
    process.kill(pidOf(first), 'SIGKILL')
    await vi.waitFor(async () => { expect(await query(first, 'SELECT 1')).toMatchObject({ status: 200 }) }, patient)
  })

  test('a platform without a build, with the way out', async () => {
    const locateLibrary = (): string => { throw new Error('no such package') }
    await expect(start({ dataDir: await dataDir(), locateLibrary })).rejects.toMatchObject({
      code: 'EMBEDDED_WAREHOUSE_UNSUPPORTED',
      message: expect.stringMatching(new RegExp(`${process.platform}-${process.arch}.*CLICKHOUSE_URL`)) as string
    })
  })

  test('a library that is none', async () => {
    const path = await dataDir()
    const library = join(path, 'libchdb.so')
    await writeFile(library, 'not a library')
    await expect(start({ dataDir: path, locateLibrary: () => library }))
      .rejects.toMatchObject({ code: 'EMBEDDED_WAREHOUSE_FAILED', message: expect.stringContaining(library) as string })
  })

  test('an empty password and a damaged password file', async () => {
    const path = await dataDir()
    await expect(start({ dataDir: path, biPassword: '' })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    await writeFile(join(path, 'clickhouse-password'), '\n')
    await expect(start({ dataDir: path })).rejects.toMatchObject({ code: 'EMBEDDED_WAREHOUSE_FAILED' })
  })
})
