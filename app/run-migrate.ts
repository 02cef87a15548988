import type { Config } from '../config/config.ts'
import { createLogger } from '../runtime/logger.ts'
import { createWarehouseClient } from '../warehouse/clickhouse-client.ts'
import { migrate, type MigrateResult as Migrated } from '../warehouse/migrations/migrator.ts'
import { publishConfiguration } from '../warehouse/publish-configuration.ts'
import { openWarehouse } from './open-warehouse.ts'

export interface MigrateAndPublishResult extends Migrated {
  /** False if ClickHouse already had this configuration. */
  readonly published: boolean
}

/** Migrates the warehouse of the settings and publishes the configuration; an embedded server runs only meanwhile. */
export async function runMigrate ({ settings, businesses }: Config): Promise<MigrateAndPublishResult> {
  const logger = createLogger(settings.LOG_LEVEL)
  const warehouse = await openWarehouse(settings, logger)
  try {
    const client = createWarehouseClient(warehouse.connection, { application: 'loyalty-warehouse migrate' })
    try {
      const migrated = await migrate({ client, connection: warehouse.connection, logger })
      return { ...migrated, published: await publishConfiguration(client, businesses, logger) }
    } finally {
      await client.close()
    }
  } finally {
    await warehouse.close()
  }
}
