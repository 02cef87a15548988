import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageRoot } from '../../runtime/package-root.ts'
import { createWarehouseClient } from '../../warehouse/clickhouse-client.ts'
import { claimPorts } from '../../warehouse/embedded/free-ports.ts'
import { migrate } from '../../warehouse/migrations/migrator.ts'
import { splitStatements } from '../../warehouse/migrations/sql-statements.ts'
import { startBareServer, type BareServer } from './bare-server.ts'
import { ask, newDataDir, removeDataDir, silent } from './server-fixture.ts'

const statementsOf = (name: string): readonly string[] => splitStatements(readFileSync(join(packageRoot, 'sql/users', name), 'utf8'))
const bare = (statement: string): string => statement.replace(/^\s*--.*\n/gm, '').replace(/\s+/g, ' ').trim()

let dataDir: string
let server: BareServer
beforeAll(async () => {
  dataDir = await newDataDir()
  const grants = [...statementsOf('loyalty.sql'), ...statementsOf('readers.sql')].map(bare).filter((statement) => statement.startsWith('GRANT'))
  const of = (user: string): string => grants.filter((grant) => / TO (.*)$/.exec(grant)?.[1]?.split(', ').includes(user)).map((grant) => `<query>${grant.replace(/ TO .*$/, '')}</query>`).join('')
  const user = (name: string, as: string): string => `<${as}><password>secret</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota><grants>${of(name)}</grants></${as}>`
  // `bi` is there already, with rights of its own.
  server = await startBareServer({ path: join(dataDir, 'server'), ports: await claimPorts({ http: 0, tcp: 0 }, 0), users: user('loyalty', 'written_loyalty') + user('bi', 'written_bi') + user('crm', 'written_crm') })
})
afterAll(async () => {
  await server.close()
  await removeDataDir(dataDir)
})

// The embedded server cannot create users, so what it can say is that these are statements.
test.each(['loyalty.sql', 'readers.sql', 'marts.sql'])('ClickHouse parses every statement of %s', async (name) => {
  for (const statement of statementsOf(name)) {
    expect(await ask(server.url, server.user, server.password, 'SELECT formatQuery({statement:String})', { param_statement: bare(statement) }), statement).toMatchObject({ code: 0 })
    const onCluster = bare(statement).replace(/^(CREATE (?:USER|SETTINGS PROFILE|DATABASE|ROW POLICY) IF NOT EXISTS \w+|ALTER SETTINGS PROFILE IF EXISTS \w+|GRANT)/, '$1 ON CLUSTER `main`')
    expect(await ask(server.url, server.user, server.password, 'SELECT formatQuery({statement:String})', { param_statement: onCluster }), onCluster).toMatchObject({ code: 0 })
  }
})

test('the rights of loyalty.sql are enough to migrate, those of readers.sql to read and no more', async () => {
  const connection = { url: server.url, user: 'written_loyalty', password: 'secret' }
  const client = createWarehouseClient(connection)
  expect((await migrate({ client, connection, logger: silent })).applied.length).toBeGreaterThan(0)
  await client.close()
  expect(await ask(server.url, 'written_bi', 'secret', 'SELECT count() FROM analytics.customers')).toMatchObject({ code: 0 })
  expect(await ask(server.url, 'written_crm', 'secret', 'SELECT count() FROM contacts.customers')).toMatchObject({ code: 0 })
  for (const query of ['SELECT count() FROM landing.leads', 'SELECT count() FROM contacts.customers']) expect(await ask(server.url, 'written_bi', 'secret', query)).toMatchObject({ code: 497 })
})

test('readers.sql limits the order of joins, as the profile of the embedded readers does, from the version on that knows it', async () => {
  const [alter, ...others] = statementsOf('readers.sql').filter((statement) => bare(statement).startsWith('ALTER'))
  expect(others).toEqual([])
  expect(bare(alter ?? '')).toBe('ALTER SETTINGS PROFILE IF EXISTS loyalty_reader ADD SETTINGS query_plan_optimize_join_order_limit = 1')
  const { text } = await ask(server.url, server.user, server.password, "SELECT version FROM system.settings_changes ARRAY JOIN changes AS c WHERE c.name = 'query_plan_optimize_join_order_limit'")
  const versions = text.split('\n').map((version) => version.split('.').map(Number)).sort(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d)
  expect(alter).toContain(`From ${versions[0]?.join('.') ?? ''} on only`)
})
