import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ReadyFile } from '../app/ready-file.ts'
import { businesses } from './sample-data.ts'

const program = fileURLToPath(new URL('../cli/main.js', import.meta.url))

/** A folder with a configuration, which several processes of a pipeline share. */
export interface Home {
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  remove (): Promise<void>
}

export async function createHome (environment: Readonly<Record<string, string>>): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  await writeFile(join(folder, 'loyalty.config.json'), JSON.stringify({ businesses }))
  return { folder, environment, remove: async () => { await rm(folder, { recursive: true, maxRetries: 5 }) } }
}

/** A process of the pipeline under test. */
export interface Roles {
  readonly ingestUrl: string
  readonly clickHouseUrl: string
  /** The internal user's, of the embedded ClickHouse. */
  password (): Promise<string>
  /** Sums of the samples of a metric whose labels hold all of these. */
  metric (name: string, labels?: Readonly<Record<string, string>>): Promise<number>
  /** CPU time of the process itself, without ClickHouse, in seconds. */
  cpuSeconds (): Promise<number>
  stop (): Promise<void>
}

/** Runs `start` with the roles named, all by default, and resolves when it is ready. */
export async function startRoles ({ folder, environment }: Home, roles?: string): Promise<Roles> {
  const readyFile = join(folder, `ready-${++started}.json`)
  const child = spawn(process.execPath, [program, 'start', ...(roles === undefined ? [] : ['--roles', roles])], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HTTP_HOST: '127.0.0.1', HTTP_PORT: '0', ADMIN_PORT: '0', CLICKHOUSE_HTTP_PORT: '0', CLICKHOUSE_TCP_PORT: '0', LOG_LEVEL: 'error', READY_FILE: readyFile, ...environment },
    stdio: ['ignore', 'ignore', 'inherit']
  })
  const ended = new Promise<void>((resolve) => { child.once('exit', () => { resolve() }) })
  const { webhooks, admin, clickHouse } = await whenReady(readyFile, child)

  async function metric (name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const text = await (await fetch(`${admin}/metrics`)).text()
    return text.split('\n')
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .filter((line) => Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
  }

  return {
    ingestUrl: webhooks ?? '',
    clickHouseUrl: clickHouse?.url ?? '',
    password: async () => (await readFile(join(folder, 'data/clickhouse-password'), 'utf8')).trim(),
    metric,
    cpuSeconds: async () => await metric('process_cpu_seconds_total'),
    async stop () {
      child.kill('SIGTERM')
      await ended
    }
  }
}

let started = 0

async function whenReady (readyFile: string, child: ChildProcess): Promise<ReadyFile> {
  for (;;) {
    const text = await readFile(readyFile, 'utf8').catch(() => undefined)
    if (text !== undefined) return JSON.parse(text) as ReadyFile
    if (child.exitCode !== null) throw new Error(`expected the pipeline to start, got exit code ${child.exitCode}`)
    await delay(50)
  }
}
