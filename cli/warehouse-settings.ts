import { join } from 'node:path'
import type { Settings } from '../runtime/settings.ts'
import { readOrCreatePassword } from '../warehouse/embedded/password-file.ts'
import type { WarehouseSettings } from '../warehouse/open-warehouse.ts'
import { openDataDir } from './data-dir.ts'

export const biPasswordFile = 'bi-password'

/** What the warehouse needs of the settings. A password of `bi` that nobody set is random, and kept in DATA_DIR. */
export async function warehouseSettings (settings: Settings): Promise<WarehouseSettings> {
  const dataDir = openDataDir(settings)
  return {
    clickhouseUrl: settings.CLICKHOUSE_URL,
    clickhouseUser: settings.CLICKHOUSE_USER,
    clickhousePassword: settings.CLICKHOUSE_PASSWORD,
    clickhouseCluster: settings.CLICKHOUSE_CLUSTER,
    clickhouseCaFile: settings.CLICKHOUSE_CA_FILE,
    dataDir,
    clickhouseHttpPort: settings.CLICKHOUSE_HTTP_PORT,
    clickhouseTcpPort: settings.CLICKHOUSE_TCP_PORT,
    maxMemoryBytes: settings.CLICKHOUSE_MAX_MEMORY_BYTES,
    // users of a server of yours are yours to create
    biPassword: settings.BI_PASSWORD ?? (settings.CLICKHOUSE_URL === undefined ? await readOrCreatePassword(join(dataDir, biPasswordFile)) : ''),
    crmPassword: settings.CRM_PASSWORD
  }
}
