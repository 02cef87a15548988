import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { packageRoot } from '../../runtime/package-root.ts'
import { claimPorts } from '../../warehouse/embedded/free-ports.ts'
import { locateLibrary } from '../../warehouse/embedded/libchdb.ts'
import { ask } from '../warehouse/server-fixture.ts'

const program = fileURLToPath(new URL('../../warehouse/embedded/server-process.js', import.meta.url))
const deploy = join(packageRoot, 'deploy/clickhouse')

/** As in the image: what config.d and users.d are merged into. */
const imageUsers = `<clickhouse>
  <profiles><default/><readonly><readonly>1</readonly></readonly></profiles>
  <users><default><password></password><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota></default></users>
  <quotas><default><interval><duration>3600</duration><queries>0</queries></interval></default></quotas>
</clickhouse>`

/** `clickhouse local` runs its start-up command line as `default` without a password: here that is another user than in the image. */
const startUpUser = '<clickhouse><users><default replace="replace"><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users></clickhouse>'

export const loader = 'loader'

export interface ComposeClickHouse {
  readonly url: string
  readonly tcpPort: number
  readonly folder: string
  close (): Promise<void>
}

/**
 * The embedded ClickHouse with the files that docker-compose.yml mounts into its image, merged as there. The image's user `default` goes by
 * the name `loader`. Rejects with ClickHouse's words where it does not start.
 */
export async function startComposeClickHouse (passwords: Readonly<Record<string, string>>, files: readonly string[] = ['loyalty.xml']): Promise<ComposeClickHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'loyalty-compose-'))
  const ports = await claimPorts({ http: 0, tcp: 0 }, 0)
  for (const name of ['config.d', 'users.d', 'data', 'backups']) await mkdir(join(folder, name))
  await writeFile(join(folder, 'config.xml'), `<clickhouse>
    <listen_host>127.0.0.1</listen_host><http_port>${ports.http}</http_port><tcp_port>${ports.tcp}</tcp_port>
    <users_config>${join(folder, 'users.xml')}</users_config>
    <query_log><database>system</database><table>query_log</table></query_log><metric_log><database>system</database><table>metric_log</table></metric_log>
  </clickhouse>`)
  const config = await readFile(join(deploy, 'config.d/loyalty.xml'), 'utf8')
  await writeFile(join(folder, 'config.d/loyalty.xml'), config.replaceAll('/backups/', `${join(folder, 'backups')}/`))
  await writeFile(join(folder, 'users.xml'), imageUsers)
  for (const file of files) {
    const users = await readFile(join(deploy, 'users.d', file), 'utf8')
    await writeFile(join(folder, 'users.d', file), users.replace('<default replace="replace">', `<${loader}>`).replace('</default>\n    <bi>', `</${loader}>\n    <bi>`))
  }
  await writeFile(join(folder, 'users.d/start-up.xml'), startUpUser)

  const startUp = "SYSTEM START LISTEN TCP; SYSTEM START LISTEN HTTP; SELECT count() FROM file('stdin', 'LineAsString') FORMAT Null"
  const child = spawn(process.execPath, [program, locateLibrary(), 'clickhouse', `--config-file=${join(folder, 'config.xml')}`, `--path=${join(folder, 'data')}`, `--query=${startUp}`], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'], TZ: 'UTC', ...passwords }
  })
  child.stdin.on('error', () => {})
  let words = ''
  child.stderr.on('data', (chunk: Buffer) => { words += chunk.toString() })
  const ended = new Promise<void>((resolve) => { child.once('close', () => { resolve() }) })
  const close = async (): Promise<void> => {
    child.stdin.end()
    await ended
    await rm(folder, { recursive: true, force: true })
  }

  const url = `http://127.0.0.1:${ports.http}`
  for (;;) {
    if (child.exitCode !== null) {
      await close()
      throw new Error(words)
    }
    const up = await ask(url, loader, passwords['CLICKHOUSE_PASSWORD'] ?? '', 'SELECT 1').catch(() => undefined)
    if (up?.status === 200) return { url, tcpPort: ports.tcp, folder, close }
    await delay(100)
  }
}
