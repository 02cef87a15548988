import { text } from 'node:stream/consumers'
import { AppError } from '../../runtime/errors.ts'
import type { ClickHouseClient, WarehouseConnection } from '../clickhouse-client.ts'
import { orExplain } from '../connection-failure.ts'
import { selectRows } from '../warehouse-tables.ts'
import { warehouseErrors } from '../warehouse-errors.ts'

/**
 * The oldest ClickHouse that will do. The views need SQL SECURITY DEFINER (24.2) and the analyzer that is on by default since 24.3,
 * the missing rights are found with CHECK GRANT (24.11), and repeated inserts rely on tokens that reach materialized views. 25.3 is the
 * first long-term release that has all of it.
 */
export const oldestVersion = [25, 3] as const

interface Right {
  readonly privilege: string
  readonly on: string
}

const rights = (on: string, ...privileges: readonly string[]): readonly Right[] => privileges.map((privilege) => ({ privilege, on }))

/** What loading needs. */
const toLoad = rights('landing.*', 'SELECT', 'INSERT')
/** On a cluster besides, where the server asks for it (select_from_system_db_requires_grant). */
const toSeeCluster = rights('system.clusters', 'SELECT')
/**
 * What applying migrations and views needs beyond that. A view is replaced by way of a
 * temporary table beside it and a renaming, which asks for more than is done: hence DROP TABLE and INSERT.
 */
const toMigrate = [
  ...rights('landing.*', 'CREATE DATABASE', 'CREATE TABLE', 'DROP TABLE', 'ALTER TABLE', 'CREATE VIEW', 'DROP VIEW'),
  ...['MergeTree', 'ReplacingMergeTree', 'AggregatingMergeTree', 'Memory'].flatMap((engine) => rights(engine, 'TABLE ENGINE')),
  ...['analytics.*', 'contacts.*'].flatMap((on) => rights(on, 'CREATE DATABASE', 'CREATE TABLE', 'DROP TABLE', 'CREATE VIEW', 'DROP VIEW', 'SELECT', 'INSERT'))
]
/** On a cluster besides: ON CLUSTER, and reading from its other servers, and how each is named. */
const onCluster = [
  ...toSeeCluster,
  ...rights('system.macros', 'SELECT'),
  ...rights('*.*', 'CLUSTER', 'REMOTE'),
  ...['ReplicatedMergeTree', 'ReplicatedReplacingMergeTree', 'ReplicatedAggregatingMergeTree', 'Distributed'].flatMap((engine) => rights(engine, 'TABLE ENGINE'))
]

/**
 * Whether the server can take inserts at all: its version, a user who may write, the cluster by its name. Rejects with
 * WAREHOUSE_UNSUITABLE (a person is needed: says what was expected, what was got and what to do) or WAREHOUSE_UNAVAILABLE (away for now).
 */
export async function checkServer (client: ClickHouseClient, connection: WarehouseConnection | undefined): Promise<void> {
  const [server] = await orExplain(connection, selectRows<{ version: string, readonly: string }>(client, "SELECT version() AS version, (SELECT value FROM system.settings WHERE name = 'readonly') AS readonly"))
  const version = server?.version ?? ''
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor, oldestMinor] = oldestVersion
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) throw unsuitable(`expected ClickHouse ${oldestVersion.join('.')} or later, got ${version}: upgrade the server`)
  if (server?.readonly !== '0') throw unsuitable(`expected a user who may write, got one whose profile says readonly = ${server?.readonly ?? 'nothing'}: give it a profile with readonly = 0`)

  const cluster = connection?.cluster
  if (cluster !== undefined) {
    await checkRights(client, connection, toSeeCluster)
    const known = (await orExplain(connection, selectRows<{ cluster: string }>(client, 'SELECT DISTINCT cluster FROM system.clusters ORDER BY cluster'))).map((row) => row.cluster)
    if (!known.includes(cluster)) throw unsuitable(`expected CLICKHOUSE_CLUSTER to be one of ${known.length === 0 ? '(the server knows no cluster)' : known.join(', ')}, got ${cluster}`)
  }
  await checkRights(client, connection, toLoad)
}

/** Whether migrations can be applied: the rights for it, and on a cluster the macros that name each replica. Rejects as `checkServer`. */
export async function checkMigration (client: ClickHouseClient, connection: WarehouseConnection | undefined): Promise<void> {
  const cluster = connection?.cluster
  await checkRights(client, connection, [...toLoad, ...toMigrate, ...(cluster === undefined ? [] : onCluster)])
  if (cluster === undefined) return
  const [found] = await orExplain(connection, selectRows<{ servers: number, named: number }>(client, `SELECT
    toUInt32((SELECT count() FROM system.clusters WHERE cluster = '${cluster}')) AS servers,
    toUInt32((SELECT count() FROM clusterAllReplicas('${cluster}', system.macros) WHERE macro IN ('shard', 'replica'))) AS named`))
  if (found === undefined || found.named < found.servers * 2) {
    throw unsuitable(`expected the macros shard and replica at each of the ${found?.servers ?? 0} servers of ${cluster}, got ${found?.named ?? 0} of ${(found?.servers ?? 0) * 2}: add <macros> to their configuration`)
  }
}

async function checkRights (client: ClickHouseClient, connection: WarehouseConnection | undefined, needed: readonly Right[]): Promise<void> {
  const missing: Right[] = []
  for (const right of needed) {
    if (!await orExplain(connection, isGranted(client, right))) missing.push(right)
  }
  if (missing.length === 0) return
  const user = connection?.user ?? 'CURRENT_USER'
  const on = connection?.cluster === undefined ? '' : ` ON CLUSTER \`${connection.cluster}\``
  const statements = [...new Set(missing.map((right) => right.on))].map((where) => {
    const privileges = missing.filter((right) => right.on === where).map(({ privilege }) => privilege)
    return `GRANT${on} ${privileges.join(', ')} ON ${where} TO \`${user}\`;`
  })
  throw unsuitable(`expected more rights of user ${user}. An administrator can grant what is missing: ${statements.join(' ')}`)
}

/** CHECK GRANT takes no FORMAT, so `selectRows` is of no use here. */
async function isGranted (client: ClickHouseClient, { privilege, on }: Right): Promise<boolean> {
  const { stream } = await client.exec({ query: `CHECK GRANT ${privilege} ON ${on}`, clickhouse_settings: { default_format: 'TabSeparated' } })
  return (await text(stream)).trim() === '1'
}

function unsuitable (message: string): AppError {
  return new AppError(warehouseErrors.WAREHOUSE_UNSUITABLE, `ClickHouse: ${message}`)
}
