import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../runtime/package-root.ts'
import { ask } from '../warehouse/server-fixture.ts'
import { eventually, whenReady } from './pipeline-process.ts'

/** The README's commands as they stand there, but for ports and folders, which a newcomer has free and this machine may not. */
let folder: string
let environment: Record<string, string>
let started: ReturnType<typeof spawn>
let output = ''
let ended: Promise<number | null>

async function freePort (): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const address = server.address()
  await new Promise((resolve) => { server.close(resolve) })
  return String(typeof address === 'object' ? address?.port : '')
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loyalty-readme-'))
  environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    HTTP_PORT: await freePort(),
    ADMIN_PORT: await freePort(),
    CLICKHOUSE_HTTP_PORT: await freePort(),
    CLICKHOUSE_TCP_PORT: await freePort(),
    DATA_DIR: join(folder, 'data'),
    CONFIG_FILE: join(folder, 'loyalty.config.json'),
    READY_FILE: join(folder, 'ready.json')
  }
  started = spawn('npm', ['start'], { cwd: packageRoot, env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  started.stdout?.on('data', (chunk: Buffer) => { output += chunk.toString() })
  started.stderr?.on('data', (chunk: Buffer) => { output += chunk.toString() })
  ended = new Promise((resolve) => { started.once('close', resolve) })
  await whenReady(environment['READY_FILE'] ?? '', { output: () => output, ended })
})

afterAll(async () => {
  // Ctrl-C in a terminal reaches the whole group
  if (started.pid !== undefined) process.kill(-started.pid, 'SIGINT')
  await ended
  await rm(folder, { recursive: true, maxRetries: 5 })
})

/** The commands of the README's shell blocks, comments and continued lines resolved. */
async function readmeCommands (): Promise<string[]> {
  const readme = await readFile(join(packageRoot, 'README.md'), 'utf8')
  return [...readme.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block = '']) => block.replaceAll('\\\n', '').split('\n').map((line) => line.replace(/\s+#.*/, '').trim()).filter((line) => line !== ''))
}

/** Run by `.ci/run`, this file's set-up or test/deploy; the bench takes minutes, so of it only the help is asked for. */
const elsewhere = ['npm ci', 'npm start', 'npm run check', 'npm test', 'deploy/make-env.sh']
const shortened: Readonly<Record<string, string>> = { 'npm run bench': 'npm run bench -- --help' }

async function shell (command: string): Promise<string> {
  const here = command.replaceAll('127.0.0.1:8123', `127.0.0.1:${environment['CLICKHOUSE_HTTP_PORT']}`).replaceAll('$(cat data/', `$(cat ${environment['DATA_DIR']}/`)
  const { stdout } = await promisify(execFile)('bash', ['-c', here], { cwd: packageRoot, env: environment })
  return stdout
}

test('every command of the README runs', async () => {
  // where there is no Docker its commands cannot run; test/deploy checks what they read. Those for a Kafka of a reader's own run in test/kafka.
  const commands = (await readmeCommands()).filter((command) => !elsewhere.includes(command) && !/^(?:docker |KAFKA_BROKERS=)/.test(command))
  expect(commands).toEqual(expect.arrayContaining(['npm run simulate', expect.stringContaining('sql/examples/coins_by_day.sql')]))
  for (const command of commands) {
    if (command.includes('coins_by_day')) await eventually(async () => { expect(await shell(command)).toContain('my-shop') })
    else await shell(shortened[command] ?? command)
  }
}, 180_000)

describe('every example query returns rows on simulated data', async () => {
  const files = (await readdir(join(packageRoot, 'sql/examples'))).filter((file) => file.endsWith('.sql'))

  test.each(files)('%s', async (file) => {
    const query = (await readFile(join(packageRoot, 'sql/examples', file), 'utf8')).trim().replace(/;$/, '')
    expect(query).toMatch(/^-- .*\?/)
    const password = (await readFile(join(environment['DATA_DIR'] ?? '', 'bi-password'), 'utf8')).trim()
    await eventually(async () => {
      const answer = await ask(`http://127.0.0.1:${environment['CLICKHOUSE_HTTP_PORT']}`, 'bi', password, `${query} FORMAT JSONEachRow`)
      expect(answer.text).not.toBe('')
      expect(answer).toMatchObject({ status: 200, code: 0 })
    })
  })
})
