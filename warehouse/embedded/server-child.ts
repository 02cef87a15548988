import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface ServerExit {
  readonly code: number | undefined
  readonly signal: string | undefined
  /** The last line of stderr: ClickHouse's reason, if it gave one. */
  readonly lastWords: string
  /** ClickHouse's error code in that line. */
  readonly clickHouseCode: number | undefined
}

/** One run of the server process. */
export interface ServerChild {
  readonly pid: number | undefined
  /** Milliseconds of the monotonic clock of this process. */
  readonly startedAt: number
  /** Never rejects. */
  readonly exited: Promise<ServerExit>
  /** Asks for a clean stop. */
  stop (): void
  /** SIGKILL; acknowledged inserts are kept. */
  kill (): void
}

export interface ServerCommand {
  readonly library: string
  readonly path: string
  readonly configFile: string
}

const program = fileURLToPath(new URL('server-process.js', import.meta.url))

// TCP first, so that an HTTP response means that both listen. The last query blocks until stdin closes.
const startUp = [
  'SYSTEM START LISTEN TCP',
  'SYSTEM START LISTEN HTTP',
  "SELECT count() FROM file('stdin', 'LineAsString') FORMAT Null"
]

export function spawnServer ({ library, path, configFile }: ServerCommand): ServerChild {
  const argv = ['clickhouse', `--config-file=${configFile}`, `--path=${path}`, '--max_query_size=1000', `--query=${startUp.join('; ')}`]
  const child = spawn(process.execPath, [program, library, ...argv], {
    stdio: ['pipe', 'ignore', 'pipe'],
    // Its own process group: Ctrl-C in a terminal must reach us only, so that the loader can finish its batch first.
    detached: true,
    // No inherited variables: they hold secrets. DateTime without a zone is UTC on every machine.
    env: { PATH: process.env['PATH'], TZ: 'UTC' }
  })
  // Writing to a dead child fails; its exit reports that.
  child.stdin.on('error', () => {})

  let words = ''
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (text: string) => { words = (words + text).slice(-4096) })

  const exited = new Promise<ServerExit>((resolve) => {
    const end = (code: number | null, signal: string | null): void => {
      // Every run first prints where it logs.
      const lastWords = words.split('\n').filter((line) => line !== '' && !line.startsWith('Logging ')).at(-1) ?? ''
      const said = /^Code: (\d+)\./.exec(lastWords)?.[1]
      resolve({ code: code ?? undefined, signal: signal ?? undefined, lastWords, clickHouseCode: said === undefined ? undefined : Number(said) })
    }
    child.once('close', end)
    child.once('error', (error) => {
      words += error.message
      if (child.pid === undefined) end(null, null)
    })
  })

  return {
    pid: child.pid,
    startedAt: performance.now(),
    exited,
    stop: () => { child.stdin.end() },
    kill: () => { child.kill('SIGKILL') }
  }
}
