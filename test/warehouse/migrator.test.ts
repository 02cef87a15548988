import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createWarehouseClient } from '../../warehouse/clickhouse-client.ts'
import type { ClickHouseClient } from '../../warehouse/clickhouse-client.ts'
import type { EmbeddedServer } from '../../warehouse/embedded/embedded-server.ts'
import { migrate } from '../../warehouse/migrations/migrator.ts'
import type { MigrateResult } from '../../warehouse/migrations/migrator.ts'
import { newDataDir, removeDataDir, silent, startTestServer } from './server-fixture.ts'

// On the embedded server in any case: it drops databases at will.
let dataDir: string
let server: EmbeddedServer
let client: ClickHouseClient
let root: string

beforeAll(async () => {
  dataDir = await newDataDir()
  server = await startTestServer({ dataDir })
  client = createWarehouseClient(server)
})

afterAll(async () => {
  await client.close()
  await server.close()
  await removeDataDir(dataDir)
})

beforeEach(async () => {
  for (const name of ['landing', 'analytics', 'shop']) await client.command({ query: `DROP DATABASE IF EXISTS ${name} SYNC` })
  root = await mkdtemp(join(tmpdir(), 'sql-'))
  await mkdir(join(root, 'migrations'))
  await mkdir(join(root, 'views'))
  await write({
    'migrations/001_shop.sql': 'CREATE DATABASE IF NOT EXISTS shop; -- first;\nCREATE TABLE IF NOT EXISTS shop.orders (id UInt32) ENGINE = MergeTree ORDER BY id;\n',
    'migrations/002_amount.sql': 'ALTER TABLE shop.orders ADD COLUMN IF NOT EXISTS amount Decimal(18, 2);',
    'views/10_orders.sql': 'CREATE DATABASE IF NOT EXISTS analytics;\nCREATE OR REPLACE VIEW analytics.orders AS SELECT id, amount FROM shop.orders;',
    'views/20_total.sql': 'CREATE OR REPLACE VIEW analytics.total AS SELECT sum(amount) AS total FROM analytics.orders;'
  })
})

afterEach(async () => { await rm(root, { recursive: true }) })

async function write (files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text)
}

const run = async (): Promise<MigrateResult> => await migrate({ client, root, logger: silent })

async function value (query: string): Promise<unknown> {
  const result = await client.query({ query, format: 'JSONCompactEachRow' })
  return (await result.json())
}

test('applies every migration in order, then the views; a second run does nothing', async () => {
  expect(await run()).toEqual({ applied: ['001_shop.sql', '002_amount.sql'], views: ['10_orders.sql', '20_total.sql'] })
  expect(await value('SELECT total FROM analytics.total')).toEqual([[0]])
  expect(await value('SELECT version, name, length(checksum) FROM landing.schema_migrations FINAL ORDER BY version')).toEqual([[1, '001_shop.sql', 64], [2, '002_amount.sql', 64]])
  expect(await run()).toEqual({ applied: [], views: [] })
})

test('applies only what is new, and then every view again', async () => {
  await run()
  await write({ 'migrations/003_note.sql': 'ALTER TABLE shop.orders ADD COLUMN IF NOT EXISTS note String' })
  expect(await run()).toEqual({ applied: ['003_note.sql'], views: ['10_orders.sql', '20_total.sql'] })
})

test('applies a changed view alone', async () => {
  await run()
  await write({ 'views/20_total.sql': 'CREATE OR REPLACE VIEW analytics.total AS SELECT count() AS total FROM analytics.orders;' })
  expect(await run()).toEqual({ applied: [], views: ['20_total.sql'] })
  expect(await run()).toEqual({ applied: [], views: [] })
})

test('what was applied last is known, though the clock was set back since', async () => {
  const earlier = 'CREATE OR REPLACE VIEW analytics.total AS SELECT 1 AS total'
  const later = 'CREATE OR REPLACE VIEW analytics.total AS SELECT 2 AS total'
  await write({ 'views/20_total.sql': earlier })
  await run()
  // as it looks once the clock of the server was set back by an hour
  await client.command({ query: 'CREATE TABLE landing.past ENGINE = Memory AS SELECT * REPLACE (applied_at + INTERVAL 1 HOUR AS applied_at) FROM landing.schema_views' })
  await client.command({ query: 'TRUNCATE TABLE landing.schema_views' })
  await client.command({ query: 'INSERT INTO landing.schema_views SELECT * FROM landing.past' })
  await write({ 'views/20_total.sql': later })
  expect(await run()).toEqual({ applied: [], views: ['20_total.sql'] })
  expect(await run()).toEqual({ applied: [], views: [] })
  await write({ 'views/20_total.sql': earlier })
  expect(await run()).toEqual({ applied: [], views: ['20_total.sql'] })
  expect(await value('SELECT total FROM analytics.total')).toEqual([[1]])
})

test('refuses a migration that was changed after it was applied, and applies nothing', async () => {
  await run()
  await write({ 'migrations/001_shop.sql': 'SELECT 1', 'migrations/003_note.sql': 'ALTER TABLE shop.orders ADD COLUMN note String' })
  const error = await run().catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'MIGRATION_CHANGED', fields: { file: '001_shop.sql' } })
  const { expected, got } = (error as { fields: Record<string, string> }).fields
  expect(expected).toMatch(/^[0-9a-f]{64}$/)
  expect(got).toMatch(/^[0-9a-f]{64}$/)
  expect((error as Error).message).toContain(expected)
  expect((error as Error).message).toContain(got)
  expect(await value("SELECT count() FROM system.columns WHERE database = 'shop' AND name = 'note'")).toEqual([[0]])
})

test.each([
  ['a gap', '004_late.sql'], ['a duplicate', '002_zz_again.sql'], ['a name without a number', 'first.sql']
])('refuses %s among the numbers before it applies anything', async (_, name) => {
  await write({ [`migrations/${name}`]: 'SELECT 1' })
  await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_FAILED', fields: { file: name } })
  expect(await value("SELECT count() FROM system.databases WHERE name = 'shop'")).toEqual([[0]])
})

test('names file and statement of what fails; a rerun continues after the fix', async () => {
  await write({ 'migrations/003_broken.sql': 'ALTER TABLE shop.orders ADD COLUMN IF NOT EXISTS note String;\nALTER TABLE shop.nowhere ADD COLUMN a String;' })
  await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_FAILED', fields: { file: '003_broken.sql', statement: 2, clickHouseCode: 60 } })
  expect(await value('SELECT max(version) FROM landing.schema_migrations')).toEqual([[2]])
  await write({ 'migrations/003_broken.sql': 'ALTER TABLE shop.orders ADD COLUMN IF NOT EXISTS note String;' })
  expect(await run()).toEqual({ applied: ['003_broken.sql'], views: ['10_orders.sql', '20_total.sql'] })
})

test('a view that fails is tried again by the next run, though no migration is new', async () => {
  await write({ 'views/20_total.sql': 'CREATE OR REPLACE VIEW analytics.total AS SELECT nothing FROM analytics.orders' })
  await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_FAILED', fields: { file: '20_total.sql' } })
  await write({ 'views/20_total.sql': 'CREATE OR REPLACE VIEW analytics.total AS SELECT 1 AS total' })
  expect(await run()).toEqual({ applied: [], views: ['20_total.sql'] })
})

test('a crash between the last migration and the views leaves no view as it was over the old tables', async () => {
  await run()
  await write({ 'migrations/003_note.sql': 'ALTER TABLE shop.orders ADD COLUMN IF NOT EXISTS note String' })
  const views = join(root, 'views/10_orders.sql')
  await write({ 'views/10_orders.sql': 'CREATE OR REPLACE VIEW analytics.orders AS SELECT nothing FROM shop.orders' })
  await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_FAILED' })
  expect(await value('SELECT max(version) FROM landing.schema_migrations')).toEqual([[3]])
  await writeFile(views, 'CREATE DATABASE IF NOT EXISTS analytics;\nCREATE OR REPLACE VIEW analytics.orders AS SELECT id, amount FROM shop.orders;')
  expect(await run()).toEqual({ applied: [], views: ['10_orders.sql', '20_total.sql'] })
})

test('an older program leaves the views of a newer one alone, and says so', async () => {
  await write({ 'migrations/003_note.sql': 'ALTER TABLE shop.orders ADD COLUMN IF NOT EXISTS note String' })
  await run()
  await rm(join(root, 'migrations/003_note.sql'))
  await write({ 'views/20_total.sql': 'CREATE OR REPLACE VIEW analytics.total AS SELECT count() AS total FROM analytics.orders;' })
  const lines: Array<{ level: number, file?: string }> = []
  expect(await migrate({ client, root, logger: pino({}, { write: (line: string) => { lines.push(JSON.parse(line) as { level: number }) } }) })).toEqual({ applied: [], views: [] })
  expect(lines).toMatchObject([{ level: 40, file: '003_note.sql' }])
  expect(await value('SELECT total FROM analytics.total')).toEqual([[0]])
})

test('an error after the beginning of an answer is still the error of its statement', async () => {
  await write({ 'migrations/003_late.sql': "SELECT number, throwIf(number = 3000000, 'late', toInt16(62)) FROM numbers(4000000) SETTINGS allow_custom_error_code_in_throwif = 1, max_threads = 1" })
  await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_FAILED', fields: { clickHouseCode: 62 } })
})

test('a statement may take longer than other queries', async () => {
  await write({ 'migrations/003_slow.sql': 'SELECT sleep(2)' })
  const hasty = createWarehouseClient(server, { requestTimeoutMs: 1_500 })
  await expect(migrate({ client: hasty, connection: server, root, logger: silent })).resolves.toMatchObject({ applied: ['001_shop.sql', '002_amount.sql', '003_slow.sql'] })
  await hasty.close()
})

test('a file that cannot be split is named', async () => {
  await write({ 'views/30_open.sql': "SELECT 'open" })
  await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_FAILED', fields: { file: '30_open.sql' } })
})

test('several processes at once end in the same state', async () => {
  await Promise.all(Array.from({ length: 10 }, run))
  expect(await value('SELECT count() FROM landing.schema_migrations FINAL')).toEqual([[2]])
  expect(await value('SELECT total FROM analytics.total')).toEqual([[0]])
  expect(await run()).toEqual({ applied: [], views: [] })
})

test.each([
  ...[159, 202, 209, 210, 225, 236, 241, 242, 243, 252, 253, 279, 285, 286, 319, 341, 394, 198, 517, 999].map((code) => [code, 'WAREHOUSE_UNAVAILABLE'] as const),
  ...[36, 43, 44, 47, 48, 49, 50, 57, 60, 62, 70, 81, 115, 117, 122, 181, 497].map((code) => [code, 'MIGRATION_FAILED'] as const)
])('a statement that ends in ClickHouse\'s %i is %s', async (clickHouseCode, code) => {
  await write({ 'migrations/003_fails.sql': `SELECT throwIf(1, 'thrown', toInt16(${clickHouseCode})) SETTINGS allow_custom_error_code_in_throwif = 1;` })
  await expect(run()).rejects.toMatchObject({ code, retryable: code === 'WAREHOUSE_UNAVAILABLE', fields: { clickHouseCode, file: '003_fails.sql', statement: 1 } })
})

test('no server is not the fault of the files', async () => {
  const nobody = createWarehouseClient({ url: 'http://127.0.0.1:1', user: 'loyalty', password: 'x' })
  await expect(migrate({ client: nobody, root, logger: silent })).rejects.toMatchObject({ code: 'WAREHOUSE_UNAVAILABLE' })
  await nobody.close()
})
