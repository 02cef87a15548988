import type { ClickHouseClient } from './clickhouse-client.ts'
import type { Migration, SqlFile } from './migration-files.ts'

/**
 * The bookkeeping, which has to exist before the first file of sql/ is applied and so cannot be one of them.
 * ReplacingMergeTree: two processes that migrate at once may both write the same row.
 */
const bookkeeping = [
  'CREATE DATABASE IF NOT EXISTS landing',
  `CREATE TABLE IF NOT EXISTS landing.schema_migrations
     (version UInt32, name String, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
     ENGINE = ReplacingMergeTree(applied_at) ORDER BY version
     COMMENT 'The files of sql/migrations that were applied here'`,
  `CREATE TABLE IF NOT EXISTS landing.schema_views
     (name String, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
     ENGINE = ReplacingMergeTree(applied_at) ORDER BY name
     COMMENT 'The files of sql/views as they were last applied here'`
]

export async function prepareBookkeeping (client: ClickHouseClient): Promise<void> {
  for (const query of bookkeeping) await client.command({ query })
}

async function readRows<Row> (client: ClickHouseClient, query: string): Promise<readonly Row[]> {
  const result = await client.query({ query, format: 'JSONEachRow' })
  return await result.json<Row>()
}

/** Checksums of what was applied, by version. */
export async function appliedMigrations (client: ClickHouseClient): Promise<ReadonlyMap<number, { readonly name: string, readonly checksum: string }>> {
  const rows = await readRows<{ version: number, name: string, checksum: string }>(client, 'SELECT version, name, checksum FROM landing.schema_migrations FINAL')
  return new Map(rows.map(({ version, name, checksum }) => [version, { name, checksum }]))
}

/** Checksums of the views as last applied, by file name. */
export async function appliedViews (client: ClickHouseClient): Promise<ReadonlyMap<string, string>> {
  const rows = await readRows<{ name: string, checksum: string }>(client, 'SELECT name, checksum FROM landing.schema_views FINAL')
  return new Map(rows.map(({ name, checksum }) => [name, checksum]))
}

export async function recordMigration (client: ClickHouseClient, { version, name, checksum }: Migration): Promise<void> {
  await client.insert({ table: 'landing.schema_migrations', values: [{ version, name, checksum }], columns: ['version', 'name', 'checksum'], format: 'JSONEachRow' })
}

export async function recordView (client: ClickHouseClient, { name, checksum }: SqlFile): Promise<void> {
  await client.insert({ table: 'landing.schema_views', values: [{ name, checksum }], columns: ['name', 'checksum'], format: 'JSONEachRow' })
}
