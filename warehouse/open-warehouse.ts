import { readFile } from 'node:fs/promises'
import type { Logger } from 'pino'
import { AppError } from '../runtime/errors.ts'
import type { WarehouseConnection } from './clickhouse-client.ts'
import { startEmbeddedServer } from './embedded/embedded-server.ts'

export interface WarehouseSettings {
  /** Given: that server is used, with the user and password beside it. Absent: a server is started on this machine. */
  readonly clickhouseUrl?: string | undefined
  readonly clickhouseUser: string
  readonly clickhousePassword: string
  /** Of the server at `clickhouseUrl`. */
  readonly clickhouseCluster?: string | undefined
  readonly clickhouseCaFile?: string | undefined
  readonly dataDir: string
  readonly clickhouseHttpPort: number
  readonly clickhouseTcpPort: number
  readonly maxMemoryBytes: number
  readonly biPassword: string
  readonly crmPassword?: string | undefined
}

/** What the banner says at start. */
export interface WarehouseDescription {
  readonly kind: 'embedded' | 'remote'
  readonly url: string
  /** Native protocol; only known for the embedded server. */
  readonly tcpPort: number | undefined
}

export interface Warehouse {
  readonly connection: WarehouseConnection
  readonly description: WarehouseDescription
  /** Stops what was started here; a remote server is left alone. Clients are closed before. */
  close (): Promise<void>
}

/**
 * The warehouse that the settings name. A remote one is not contacted here: it may be down, and webhooks are still accepted.
 * Rejects with CONFIG_INVALID where its certificate file cannot be read; for an embedded one as `startEmbeddedServer` does.
 */
export async function openWarehouse (settings: WarehouseSettings, logger: Logger): Promise<Warehouse> {
  const { clickhouseUrl } = settings
  if (clickhouseUrl !== undefined) {
    return {
      connection: {
        url: clickhouseUrl,
        user: settings.clickhouseUser,
        password: settings.clickhousePassword,
        cluster: settings.clickhouseCluster,
        caCertificate: await readCertificate(settings.clickhouseCaFile)
      },
      description: { kind: 'remote', url: withoutCredentials(clickhouseUrl), tcpPort: undefined },
      close: async () => {}
    }
  }
  const server = await startEmbeddedServer({
    ...settings,
    httpPort: settings.clickhouseHttpPort,
    tcpPort: settings.clickhouseTcpPort,
    logger
  })
  return {
    connection: { url: server.url, user: server.user, password: server.password },
    description: { kind: 'embedded', url: server.url, tcpPort: server.tcpPort },
    close: async () => { await server.close() }
  }
}

async function readCertificate (path: string | undefined): Promise<Buffer | undefined> {
  if (path === undefined) return undefined
  const pem = await readFile(path).catch((cause: unknown) => {
    throw new AppError('CONFIG_INVALID', `CLICKHOUSE_CA_FILE: ${path} cannot be read`, { cause })
  })
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw new AppError('CONFIG_INVALID', `CLICKHOUSE_CA_FILE: expected a certificate in PEM form, got something else in ${path}`)
  return pem
}

function withoutCredentials (url: string): string {
  const { origin, pathname } = new URL(url)
  return pathname === '/' ? origin : origin + pathname
}
