import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../runtime/package-root.ts'
import { createWarehouseClient } from '../../warehouse/clickhouse-client.ts'
import { migrate } from '../../warehouse/migrations/migrator.ts'
import { ask, silent } from '../warehouse/server-fixture.ts'
import type { Answer } from '../warehouse/server-fixture.ts'
import { loader, startComposeClickHouse } from './compose-clickhouse.ts'
import type { ComposeClickHouse } from './compose-clickhouse.ts'

const passwords = { CLICKHOUSE_PASSWORD: 'loader "$1"', BI_PASSWORD: "bi >#% '2'", CRM_PASSWORD: 'crm-1' }
let server: ComposeClickHouse
const internal = async (query: string): Promise<Answer> => await ask(server.url, loader, passwords.CLICKHOUSE_PASSWORD, query)
const bi = async (query: string, settings = {}): Promise<Answer> => await ask(server.url, 'bi', passwords.BI_PASSWORD, query, settings)
const accessDenied = 497

beforeAll(async () => {
  server = await startComposeClickHouse(passwords, ['loyalty.xml', 'crm.xml'])
  const client = createWarehouseClient({ url: server.url, user: loader, password: passwords.CLICKHOUSE_PASSWORD })
  await migrate({ client, logger: silent })
  await client.close()
})

afterAll(async () => { await server.close() })

describe('the ClickHouse of docker-compose.yml', () => {
  test('bi reads analytics and nothing else', async () => {
    expect(await bi('SELECT count() FROM analytics.customers')).toMatchObject({ status: 200, text: '0' })
    for (const name of ['landing.leads', 'contacts.customers', 'system.users']) expect(await bi(`SELECT * FROM ${name}`)).toMatchObject({ code: accessDenied })
    expect(await bi('CREATE TABLE analytics.mine (a UInt8) ENGINE = Memory')).toMatchObject({ code: accessDenied })
  })

  test('bi cannot lift a limit', async () => {
    expect(await bi('SELECT 1', { max_execution_time: '55' })).toMatchObject({ status: 200 })
    expect(await bi('SELECT 1', { max_execution_time: '61' })).toMatchObject({ code: 452 })
    expect(await bi('SELECT 1', { max_memory_usage: '0' })).toMatchObject({ code: 164 })
    expect(await bi('SELECT 1', { readonly: '0' })).toMatchObject({ code: 164 })
  })

  test('crm reads contacts and nothing else', async () => {
    const crm = async (query: string): Promise<Answer> => await ask(server.url, 'crm', passwords.CRM_PASSWORD, query)
    expect(await crm('SELECT count() FROM contacts.customers')).toMatchObject({ status: 200 })
    expect(await crm('SELECT count() FROM analytics.customers')).toMatchObject({ code: accessDenied })
  })

  test('memory is bounded, inserts are synchronous', async () => {
    expect(await internal("SELECT value FROM system.server_settings WHERE name = 'max_server_memory_usage'")).toMatchObject({ text: '4294967296' })
    expect(await internal("SELECT getSetting('async_insert')::UInt8")).toMatchObject({ text: '0' })
  })

  test('answers every query of docs/operations.md', async () => {
    const queries = [...(await readFile(join(packageRoot, 'docs/operations.md'), 'utf8')).matchAll(/```sql\n([^]*?)```/g)].map(([, query = '']) => query)
      // those for a cluster are run by test/warehouse/cluster.test.ts
      .filter((query) => !query.includes('ON CLUSTER'))
    expect(queries.length).toBeGreaterThan(1)
    for (const query of queries) expect(await internal(query)).toMatchObject({ status: 200 })
  })

  test('takes a backup and gives it back, as docs/operations.md says', async () => {
    expect(await internal("INSERT INTO landing.raw_webhooks (raw_id, source) VALUES (generateUUIDv4(), 'shop')")).toMatchObject({ status: 200 })
    const operations = await readFile(join(packageRoot, 'docs/operations.md'), 'utf8')
    const [full = '', increment = ''] = [...operations.matchAll(/"(BACKUP DATABASE [^"]+)"/g)].map(([, query]) => query)
    const [, restore = ''] = /"(RESTORE DATABASE [^"]+)"/.exec(operations) ?? []
    expect(await internal(full)).toMatchObject({ text: expect.stringContaining('BACKUP_CREATED') as string })
    expect(await internal("INSERT INTO landing.raw_webhooks (raw_id, source) VALUES (generateUUIDv4(), 'shop')")).toMatchObject({ status: 200 })
    expect(await internal(increment)).toMatchObject({ text: expect.stringContaining('BACKUP_CREATED') as string })
    for (const name of ['landing', 'analytics', 'contacts']) expect(await internal(`DROP DATABASE IF EXISTS ${name} SYNC`)).toMatchObject({ status: 200 })
    expect(await internal(restore)).toMatchObject({ text: expect.stringContaining('RESTORED') as string })
    expect(await internal('SELECT count() FROM landing.raw_webhooks')).toMatchObject({ text: '2' })
    expect(await bi('SELECT count() FROM analytics.customers')).toMatchObject({ status: 200 })
  })
})

test('a password that is not set is an empty one: docker compose refuses to start without it', async () => {
  const unguarded = await startComposeClickHouse({ CLICKHOUSE_PASSWORD: 'x' })
  expect(await ask(unguarded.url, 'bi', '', 'SELECT 1')).toMatchObject({ status: 200 })
  await unguarded.close()
  for (const file of ['docker-compose.yml', 'deploy/docker-compose.crm.yml']) {
    expect(await readFile(join(packageRoot, file), 'utf8')).not.toMatch(/\$\{(CLICKHOUSE|BI|CRM)_PASSWORD(?!:\?)/)
  }
})

test('a password with < or &, which ClickHouse reads as XML, keeps the server from starting; .env.example says so', async () => {
  await expect(startComposeClickHouse({ ...passwords, BI_PASSWORD: 'a<b' })).rejects.toThrow('users.xml')
  expect(await readFile(join(packageRoot, '.env.example'), 'utf8')).toContain('neither < nor &')
})
