import { Option, type Command } from 'commander'
import { start } from '../app/start.ts'
import { parseRoles, roles, type Role } from '../app/roles.ts'

export function registerStart (program: Command): void {
  program.command('start')
    .description('Runs the pipeline: takes webhooks in, transforms them, loads them into ClickHouse, shows them on a dashboard. Without a CONFIG_FILE it writes one with random secrets.')
    .addOption(new Option('--roles <names>', `what this process does, some of ${roles.join(',')}`).argParser(parseRoles).default(new Set(roles), 'all of them'))
    .addHelpText('after', `
Examples:
  $ npm start                                      everything in one process tree, nothing else to install
  $ npx loyalty-warehouse start --roles ingest     only take webhooks in
  $ CLICKHOUSE_URL=… BI_PASSWORD=… npx loyalty-warehouse start --roles dashboard
  $ HTTP_PORT=9090 npm start                       settings are environment variables; docs/configuration.md lists them`)
    .action(async (options: { readonly roles: ReadonlySet<Role> }) => { await start({ wanted: options.roles, environment: process.env }) })
}
