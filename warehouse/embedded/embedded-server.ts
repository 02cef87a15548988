import type { Logger } from 'pino'
import { claimPorts, loopback } from './free-ports.ts'
import { locateLibrary } from './libchdb.ts'
import type { LocateLibrary } from './libchdb.ts'
import { untilReady } from './readiness.ts'
import { spawnServer } from './server-child.ts'
import { prepareServerHome } from './server-home.ts'
import { ServerSupervisor } from './server-supervisor.ts'
import { internalUser } from './users-config.ts'

export interface EmbeddedServerOptions {
  readonly dataDir: string
  /** 0: any free port, kept over restarts of the server process. */
  readonly httpPort: number
  readonly tcpPort: number
  readonly maxMemoryBytes: number
  readonly biPassword: string
  /** Without it user `crm` does not exist. */
  readonly crmPassword?: string | undefined
  /** Without it user `marts` does not exist. */
  readonly martsPassword?: string | undefined
  readonly logger: Logger
  /** Aborting it closes the server, also while it starts. */
  readonly signal?: AbortSignal | undefined
  /** How long a predecessor that is still stopping may hold ports and data directory, in milliseconds. */
  readonly graceMs?: number | undefined
  readonly locateLibrary?: LocateLibrary | undefined
}

/** A running ClickHouse server on 127.0.0.1, and the internal user with full rights. */
export interface EmbeddedServer {
  readonly url: string
  readonly httpPort: number
  readonly tcpPort: number
  readonly user: string
  readonly password: string
  /** Of the running process: another one after a restart. */
  readonly pid: number | undefined
  /** Resolves when the process is gone. May be called more than once. */
  close (): Promise<void>
}

/**
 * Starts ClickHouse as a child process with its data under `dataDir/clickhouse`. Resolves when it answers a query; from then
 * on it is restarted whenever it ends, on the same ports, until `close`. It never outlives this process.
 *
 * Rejects with EMBEDDED_WAREHOUSE_UNSUPPORTED (no build for this platform), PORT_IN_USE (names the setting),
 * CONFIG_INVALID (an empty password) or EMBEDDED_WAREHOUSE_FAILED (data directory in use by another server, or ClickHouse's own reason).
 */
export async function startEmbeddedServer (options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const { logger, signal, graceMs = 5_000 } = options
  signal?.throwIfAborted()
  const library = locateLibrary(options.locateLibrary)
  const ports = await claimPorts({ http: options.httpPort, tcp: options.tcpPort }, graceMs)
  const home = await prepareServerHome({ ...options, ports })

  const endpoint = { url: `http://${loopback}:${ports.http}`, user: internalUser, password: home.password }
  const supervisor = new ServerSupervisor({
    spawn: async () => {
      // At each start: a refused second start on this directory may have written its own.
      const { path, configFile } = await prepareServerHome({ ...options, ports })
      return spawnServer({ library, path, configFile })
    },
    ready: async (starting) => { await untilReady(endpoint, starting) },
    logger,
    dataPath: home.path,
    graceMs
  })
  const onAbort = (): void => { void supervisor.close() }
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    await supervisor.start()
  } catch (error) {
    await supervisor.close()
    throw error
  }

  return {
    ...endpoint,
    httpPort: ports.http,
    tcpPort: ports.tcp,
    get pid () { return supervisor.pid },
    close: async () => {
      signal?.removeEventListener('abort', onAbort)
      await supervisor.close()
    }
  }
}
