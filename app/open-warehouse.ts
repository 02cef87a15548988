import { join } from 'node:path'
import type { Logger } from '../runtime/logger.ts'
import type { Settings } from '../config/settings.ts'
import type { WarehouseConnection } from '../warehouse/clickhouse-client.ts'
import { startEmbeddedServer } from '../warehouse/embedded/embedded-server.ts'
import { readOrCreatePassword } from '../warehouse/embedded/password-file.ts'
import { readerUser } from '../warehouse/clickhouse-reader.ts'
import { openDataDir } from './data-dir.ts'
import { readPem } from './pem-file.ts'

/** In DATA_DIR. */
export const biPasswordFile = 'bi-password'

/** Shown in the banner. */
export interface WarehouseDescription {
  readonly kind: 'embedded' | 'remote'
  readonly url: string
  /** Native protocol; known for the embedded server only. */
  readonly tcpPort: number | undefined
}

export interface Warehouse {
  readonly connection: WarehouseConnection
  /** The same server as user `bi`; undefined without that user's password. */
  readonly readerConnection: WarehouseConnection | undefined
  readonly description: WarehouseDescription
  /** Stops the embedded server; a remote one is left alone. Close clients before. */
  close (): Promise<void>
}

/**
 * The warehouse of the settings: the server at CLICKHOUSE_URL, else an embedded one. A remote server is not contacted
 * here: it may be down, and webhooks are still accepted. Rejects with CONFIG_INVALID if its certificate file cannot be read; for an
 * embedded one as `startEmbeddedServer` does.
 */
export async function openWarehouse (settings: Settings, logger: Logger): Promise<Warehouse> {
  const { CLICKHOUSE_URL } = settings
  return CLICKHOUSE_URL === undefined ? await embedded(settings, logger) : remote(CLICKHOUSE_URL, settings)
}

/** Without BI_PASSWORD the password of `bi` is random, and kept in DATA_DIR. */
async function embedded (settings: Settings, logger: Logger): Promise<Warehouse> {
  const dataDir = openDataDir(settings, logger)
  const biPassword = settings.BI_PASSWORD ?? await readOrCreatePassword(join(dataDir, biPasswordFile))
  const server = await startEmbeddedServer({
    dataDir,
    httpPort: settings.CLICKHOUSE_HTTP_PORT,
    tcpPort: settings.CLICKHOUSE_TCP_PORT,
    maxMemoryBytes: settings.CLICKHOUSE_MAX_MEMORY_BYTES,
    biPassword,
    crmPassword: settings.CRM_PASSWORD,
    martsPassword: settings.MARTS_PASSWORD,
    logger
  })
  return {
    connection: { url: server.url, user: server.user, password: server.password },
    readerConnection: { url: server.url, user: readerUser, password: biPassword },
    description: { kind: 'embedded', url: server.url, tcpPort: server.tcpPort },
    close: async () => { await server.close() }
  }
}

function remote (url: string, settings: Settings): Warehouse {
  const caCertificate = readPem(settings, 'CLICKHOUSE_CA_FILE')
  return {
    connection: {
      url,
      user: settings.CLICKHOUSE_USER,
      password: settings.CLICKHOUSE_PASSWORD,
      cluster: settings.CLICKHOUSE_CLUSTER,
      caCertificate
    },
    readerConnection: settings.BI_PASSWORD === undefined ? undefined : { url, user: readerUser, password: settings.BI_PASSWORD, caCertificate },
    description: { kind: 'remote', url: withoutCredentials(url), tcpPort: undefined },
    close: async () => {}
  }
}

function withoutCredentials (url: string): string {
  const { origin, pathname } = new URL(url)
  return pathname === '/' ? origin : origin + pathname
}
