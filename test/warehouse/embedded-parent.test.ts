import { test, vi } from 'vitest'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packageRoot } from '../../runtime/package-root.ts'
import { newDataDir, removeDataDir } from './server-fixture.ts'

// The compiled code: Node 20 cannot run the sources, and this way the child program of dist/ is tested too.
const parentScript = `
  import { pino } from 'pino'
  import { startEmbeddedServer } from ${JSON.stringify(pathToFileURL(join(packageRoot, 'dist/warehouse/embedded/embedded-server.js')).href)}
  const server = await startEmbeddedServer({
    dataDir: process.env.DATA_DIR, httpPort: 0, tcpPort: 0, maxMemoryBytes: 600_000_000, biPassword: 'bi', logger: pino({ level: 'silent' })
  })
  process.stdout.write(server.pid + ' ' + server.url + '\\n')
  if (process.env.ENDING === 'exit') process.exit(0)
  if (process.env.ENDING === 'throw') setTimeout(() => { throw new Error('on purpose') })
`

async function startParent (dataDir: string, ending: string): Promise<{ readonly parent: ChildProcess, readonly serverPid: number, readonly url: string }> {
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', parentScript], {
    cwd: packageRoot,
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir, ENDING: ending },
    stdio: ['ignore', 'pipe', 'ignore']
  })
  const [line] = await once(parent.stdout, 'data') as [Buffer]
  const [pid, url = ''] = line.toString().trim().split(' ')
  return { parent, serverPid: Number(pid), url }
}

function isAlive (pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test.concurrent.each(['SIGKILL', 'SIGTERM', 'exit', 'throw'] as const)('a parent that ends by %s leaves no server behind', async (ending) => {
  const dataDir = await newDataDir()
  const { parent, serverPid, url } = await startParent(dataDir, ending)
  if (ending.startsWith('SIG')) {
    if (!isAlive(serverPid)) throw new Error('expected a running server process')
    // Someone is in the middle of a long query: that must not keep the server.
    const running = fetch(`${url}/?user=bi&password=bi`, { method: 'POST', body: 'SELECT sleepEachRow(1) FROM system.one ARRAY JOIN range(50)' }).then(async (answer) => await answer.text()).catch(() => {})
    parent.kill(ending as NodeJS.Signals)
    await running
  }
  await vi.waitFor(() => {
    if ((parent.exitCode ?? parent.signalCode) === null) throw new Error('the parent still runs')
    if (isAlive(serverPid)) throw new Error('the server still runs')
  }, { timeout: 25_000, interval: 50 })
  await removeDataDir(dataDir)
}, 40_000)
