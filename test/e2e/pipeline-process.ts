import { spawn, type ChildProcess } from 'node:child_process'
import { createHash, createHmac, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ReadyFile } from '../../app/ready-file.ts'
import { packageRoot } from '../../runtime/package-root.ts'
import type { WarehouseConnection } from '../../warehouse/clickhouse-client.ts'
import { acme, nectorSecret, netcoreToken } from '../support/acme.ts'
import { ask } from '../warehouse/server-fixture.ts'

const main = join(packageRoot, 'dist/cli/main.js')

const businesses = [acme({ nector: { hmac: { mode: 'enforce' } } })]

/** A folder of its own with a configuration: what a person has after the first start. */
export interface Home {
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  remove (): Promise<void>
}

export async function createHome (changes: Readonly<Record<string, string>> = {}): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'loyalty-test-'))
  await writeFile(join(folder, 'loyalty.config.json'), JSON.stringify({ businesses }))
  return {
    folder,
    environment: { PATH: process.env['PATH'] ?? '', HTTP_HOST: '127.0.0.1', HTTP_PORT: '0', ADMIN_PORT: '0', CLICKHOUSE_HTTP_PORT: '0', CLICKHOUSE_TCP_PORT: '0', BI_PASSWORD: 'bi-password', ...changes },
    remove: async () => { await rm(folder, { recursive: true, force: true, maxRetries: 5 }) }
  }
}

export interface RunningProcess {
  readonly child: ChildProcess
  /** What it has printed so far, both streams. */
  output (): string
  readonly ended: Promise<number | null>
}

/** Runs a command of the built program in a home. */
export function run (home: Home, args: readonly string[]): RunningProcess {
  // A group of its own, so that the whole tree can be killed at once.
  const child = spawn(process.execPath, [main, ...args], { cwd: home.folder, env: home.environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => { text += chunk.toString() })
  child.stderr.on('data', (chunk: Buffer) => { text += chunk.toString() })
  return { child, output: () => text, ended: new Promise((resolve) => { child.once('close', resolve) }) }
}

export interface Pipeline extends RunningProcess {
  readonly url: string
  readonly adminUrl: string
  /** Runs a query as the internal user and returns its rows. */
  query (sql: string): Promise<Array<Record<string, unknown>>>
  readonly clickHouseUrl: string
  /** SIGTERM; resolves to the exit code. */
  stop (): Promise<number | null>
  /** SIGKILL to every process of the tree at once. */
  killAll (): Promise<void>
}

export async function startPipeline (home: Home, args: readonly string[] = ['start']): Promise<Pipeline> {
  const readyFile = join(home.folder, `ready-${++started}.json`)
  const running = run({ ...home, environment: { ...home.environment, READY_FILE: readyFile } }, args)
  const { child } = running
  const { webhooks, admin, clickHouse } = await whenReady(readyFile, running)
  const url = webhooks ?? ''
  const clickHouseUrl = clickHouse?.url ?? ''
  const adminUrl = admin
  return {
    ...running,
    url,
    adminUrl,
    clickHouseUrl,
    async query (sql) {
      const password = (await readFile(join(home.folder, 'data/clickhouse-password'), 'utf8')).trim()
      return await rowsOf({ url: clickHouseUrl, user: 'loyalty', password }, sql)
    },
    async stop () {
      child.kill('SIGTERM')
      return await running.ended
    },
    async killAll () {
      const pids = [...await descendants(child.pid), child.pid].filter((pid) => pid !== undefined)
      for (const pid of pids) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
        }
      }
      await running.ended
    }
  }
}

/** Resolves when what it has printed is here to the end of the banner, which says more than the ready file. */
export async function printed ({ output }: Pick<RunningProcess, 'output'>): Promise<void> {
  await eventually(async () => {
    if (!/loyalty-warehouse is ready[^]*\n {2}Metrics .*\n/.test(output())) throw new Error(`expected a banner, got ${output()}`)
  })
}

let started = 0

/** The addresses of a process, once it is ready. Rejects with what it printed where it ends before. */
export async function whenReady (readyFile: string, { output, ended }: Pick<RunningProcess, 'output' | 'ended'>): Promise<ReadyFile> {
  let code: number | null | undefined
  void ended.then((it) => { code = it })
  for (;;) {
    const text = await readFile(readyFile, 'utf8').catch(() => undefined)
    if (text !== undefined) return JSON.parse(text) as ReadyFile
    if (code !== undefined) throw new Error(`the pipeline ended with ${code} before it was ready:\n${output()}`)
    await delay(25)
  }
}

/** The rows that a query gives. */
export async function rowsOf ({ url, user, password }: WarehouseConnection, sql: string): Promise<Array<Record<string, unknown>>> {
  const answer = await ask(url, user, password, `${sql} FORMAT JSONEachRow`, { output_format_json_quote_64bit_integers: '0', output_format_json_quote_decimals: '1' })
  if (answer.status !== 200) throw new Error(answer.text)
  return answer.text === '' ? [] : answer.text.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** The processes started by a process, and those that they started. */
async function descendants (pid: number | undefined): Promise<number[]> {
  if (pid === undefined) return []
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const pids = children.split(' ').filter((part) => part !== '').map(Number)
  return [...pids, ...(await Promise.all(pids.map(descendants))).flat()]
}

/** Waits until a check stops throwing; after a minute and a half it throws what the check threw last. */
export async function eventually<T> (check: () => Promise<T>): Promise<T> {
  let last: unknown
  for (const start = Date.now(); Date.now() - start < 90_000;) {
    try {
      return await check()
    } catch (error) {
      last = error
      await delay(100)
    }
  }
  throw last
}

export interface Sent {
  readonly status: number
  readonly retryAfter: string | undefined
  readonly body: string
}

let sent = 0

/** Sends a webhook as Nector would. */
export async function sendNector (url: string, topic: string, payload: unknown, deliveryId: string = randomUUID()): Promise<Sent> {
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload))
  return await post(`${url}/webhooks/nector/acme-nector`, body, {
    accept: 'application/json',
    'content-type': 'application/json',
    'x-source': 'unix',
    'x-nector-webhook-hmac-algo': 'sha256',
    'x-nector-webhook-hmac': createHmac('sha256', nectorSecret).update(body).digest('hex'),
    'x-nector-webhook-secret-algo': 'sha256',
    'x-nector-webhook-secret': createHash('sha256').update(nectorSecret).digest('hex'),
    // every delivery, a retry too, is sent at a time of its own
    'x-nector-timestamp': String(1704888000 + sent++),
    'x-nector-delivery-id': deliveryId,
    'x-nector-topic': topic
  })
}

/** Sends a batch as Netcore would. */
export async function sendNetcore (url: string, batch: unknown): Promise<Sent> {
  const body = Buffer.from(new URLSearchParams({ data: JSON.stringify(batch) }).toString())
  return await post(`${url}/webhooks/netcore/acme-netcore?token=${netcoreToken}`, body, { 'content-type': 'application/x-www-form-urlencoded' })
}

async function post (url: string, body: Buffer, headers: Readonly<Record<string, string>>): Promise<Sent> {
  const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) })
  return { status: response.status, retryAfter: response.headers.get('retry-after') ?? undefined, body: await response.text() }
}
