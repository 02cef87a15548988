import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../../runtime/errors.ts'
import type { ClickHouseClient, WarehouseConnection } from '../clickhouse-client.ts'
import { serverError } from '../clickhouse-errors.ts'
import { clusterStatements } from '../cluster/cluster-statements.ts'
import { explainConnectionFailure } from '../connection-failure.ts'
import type { Migration, SqlFile } from './migration-files.ts'
import { everyReplica, insertRow, selectRows } from '../warehouse-tables.ts'
import { warehouseErrors } from '../warehouse-errors.ts'

/**
 * The bookkeeping, which has to exist before the first file of sql/ is applied and so cannot be one of them.
 * migration_lock: see migration-lock.ts. A plain MergeTree with a window, as its tokens are what decides.
 */
const bookkeeping = [
  'CREATE DATABASE IF NOT EXISTS landing',
  `CREATE TABLE IF NOT EXISTS landing.schema_migrations
     (version UInt32, name String, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
     ENGINE = ReplacingMergeTree(applied_at) ORDER BY version
     COMMENT 'The files of sql/migrations that were applied here'`,
  `CREATE TABLE IF NOT EXISTS landing.schema_views
     (name String, checksum String, sequence UInt64, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
     ENGINE = ReplacingMergeTree(sequence) ORDER BY name
     COMMENT 'The files of sql/views as they were last applied here'`,
  `CREATE TABLE IF NOT EXISTS landing.migration_lock
     (epoch UInt64, holder String, beat UInt32, released Bool, at DateTime64(3, 'UTC') DEFAULT now64(3))
     ENGINE = MergeTree ORDER BY epoch
     SETTINGS non_replicated_deduplication_window = 1000
     COMMENT 'Who may apply migrations, or did: the highest epoch counts'`
]

/** Of one server only: see server-process.ts. On a cluster tokens are kept in Keeper, and nothing asks which process it is. */
const ofOneServer = [
  `CREATE TABLE IF NOT EXISTS landing.server_process
     (id UUID)
     ENGINE = Memory
     COMMENT 'A random name of this server process; gone with it'`
]
const tableCount = (cluster: string | undefined): number => bookkeeping.length - 1 + (cluster === undefined ? ofOneServer.length : 0)

/** Several processes may create the same at once; whoever comes second may be told so in spite of IF NOT EXISTS. */
const alreadyThere: ReadonlySet<number> = new Set([57, 82, 253])

/**
 * Whether all of it is there. Rejects with WAREHOUSE_UNSUITABLE where it was made for a cluster and none is configured, or the other way
 * round: the tables would be half of one form and half of the other, and tokens of inserts not what these tables need.
 */
export async function hasBookkeeping (client: ClickHouseClient, cluster: string | undefined): Promise<boolean> {
  const tables = await selectRows<{ name: string, engine: string }>(client, "SELECT name, engine FROM system.tables WHERE database = 'landing' AND name IN ('schema_migrations', 'schema_views', 'migration_lock', 'server_process') ORDER BY name")
  const odd = tables.find(({ engine }) => (engine === 'Distributed') !== (cluster !== undefined))
  if (odd !== undefined) {
    const [expected, next] = cluster === undefined
      ? ['a table of one server, as CLICKHOUSE_CLUSTER is not set', 'set CLICKHOUSE_CLUSTER to the cluster that this warehouse was made for']
      : [`a Distributed table, as CLICKHOUSE_CLUSTER is ${cluster}`, 'unset CLICKHOUSE_CLUSTER, as this warehouse was made for one server, or move it to an empty one (docs/operations.md)']
    throw new AppError(warehouseErrors.WAREHOUSE_UNSUITABLE, `ClickHouse: expected landing.${odd.name} to be ${expected}, got the engine ${odd.engine}: ${next}`, { fields: { table: odd.name, engine: odd.engine } })
  }
  return tables.length === tableCount(cluster)
}

/** Creates what is missing of the bookkeeping. May be called by several processes at once. */
export async function prepareBookkeeping (client: ClickHouseClient, connection: WarehouseConnection | undefined): Promise<void> {
  const cluster = connection?.cluster
  for (const query of cluster === undefined ? [...bookkeeping, ...ofOneServer] : bookkeeping.flatMap((statement) => clusterStatements(statement, cluster))) {
    for (let attempt = 1; ; attempt++) {
      try {
        await client.command({ query, clickhouse_settings: { wait_end_of_query: 1 } })
        break
      } catch (error) {
        const code = serverError(error)?.code
        if (attempt === 5 || code === undefined || !alreadyThere.has(code)) throw await explainConnectionFailure(error, connection)
        await delay(200 * attempt)
      }
    }
  }
}

export interface Applied {
  /** Name and checksum of each migration, by version. */
  readonly migrations: ReadonlyMap<number, { readonly name: string, readonly checksum: string }>
  /** Checksums of the views as last applied, each with the last migration before it, by file name. */
  readonly views: ReadonlyMap<string, string>
}

/** What was applied. `exact`: nothing is missed that another replica has; otherwise it may lag, and works while one is away. */
export async function readApplied (client: ClickHouseClient, cluster: string | undefined, exact: boolean): Promise<Applied> {
  const from = (table: string): string => exact ? everyReplica(table, cluster) : table
  const migrations = await selectRows<{ version: number, name: string, checksum: string }>(client, `SELECT version, argMax(name, applied_at) AS name, argMax(checksum, applied_at) AS checksum FROM ${from('landing.schema_migrations')} GROUP BY version`)
  const views = await selectRows<{ name: string, checksum: string }>(client, `SELECT name, argMax(checksum, sequence) AS checksum FROM ${from('landing.schema_views')} GROUP BY name`)
  return {
    migrations: new Map(migrations.map(({ version, name, checksum }) => [version, { name, checksum }])),
    views: new Map(views.map(({ name, checksum }) => [name, checksum]))
  }
}

export async function recordMigration (client: ClickHouseClient, { version, name, checksum }: Migration): Promise<void> {
  await record(client, 'landing.schema_migrations', { version, name, checksum })
}

/** Under the next number: a clock that was set back must not leave an earlier row as the last. The caller holds the lock, so nobody takes the same. */
export async function recordView (client: ClickHouseClient, { name, checksum }: SqlFile, cluster: string | undefined): Promise<void> {
  const [last] = await selectRows<{ sequence: number }>(client, `SELECT toUInt32(max(sequence)) AS sequence FROM ${everyReplica('landing.schema_views', cluster)}`)
  await record(client, 'landing.schema_views', { name, checksum, sequence: (last?.sequence ?? 0) + 1 })
}

/** A view that goes back to what it was is recorded again: the same row, but not a repetition. */
async function record (client: ClickHouseClient, table: string, row: Readonly<Record<string, unknown>>): Promise<void> {
  await insertRow(client, table, row, { insert_deduplicate: 0 })
}
