import type { Command } from 'commander'
import { readConfig } from '../runtime/config.ts'
import { createLogger } from '../runtime/logger.ts'
import { createWarehouseClient } from '../warehouse/clickhouse-client.ts'
import { migrate } from '../warehouse/migrator.ts'
import { publishConfiguration } from '../warehouse/publish-configuration.ts'
import { openWarehouse } from './open-warehouse.ts'

export function registerMigrate (program: Command): void {
  program.command('migrate')
    .description('Applies sql/migrations and the views to ClickHouse and tells it the configuration. `start` does the same by itself.')
    .addHelpText('after', `
Examples:
  $ npm run migrate                                              the embedded ClickHouse, which must not be running
  $ CLICKHOUSE_URL=http://clickhouse:8123 npm run migrate        a server of yours`)
    .action(async () => {
      const config = readConfig(process.env)
      const logger = createLogger(config.settings.LOG_LEVEL)
      const warehouse = await openWarehouse(config.settings, logger)
      try {
        const client = createWarehouseClient(warehouse.connection, { application: 'loyalty-warehouse migrate' })
        try {
          const { applied, views } = await migrate({ client, connection: warehouse.connection, logger })
          const published = await publishConfiguration(client, config.businesses, logger)
          console.log(`${applied.length} migrations and ${views.length} views applied, configuration ${published ? 'published' : 'unchanged'}`)
        } finally {
          await client.close()
        }
      } finally {
        await warehouse.close()
      }
    })
}
