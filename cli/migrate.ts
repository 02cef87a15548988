import type { Command } from 'commander'
import { runMigrate } from '../app/run-migrate.ts'
import { readConfig } from '../config/config.ts'

export function registerMigrate (program: Command): void {
  program.command('migrate')
    .description('Applies sql/migrations and the views to ClickHouse and tells it the configuration. `start` does the same by itself.')
    .addHelpText('after', `
Examples:
  $ npm run migrate                                              the embedded ClickHouse, which must not be running
  $ CLICKHOUSE_URL=http://clickhouse:8123 npm run migrate        a server of yours`)
    .action(async () => {
      const { applied, views, published } = await runMigrate(readConfig(process.env))
      console.log(`${applied.length} migrations and ${views.length} views applied, configuration ${published ? 'published' : 'unchanged'}`)
    })
}
