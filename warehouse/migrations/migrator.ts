import { join } from 'node:path'
import type { Logger } from 'pino'
import { AppError } from '../../runtime/errors.ts'
import { packageRoot } from '../../runtime/package-root.ts'
import { createWarehouseClient, type ClickHouseClient, type WarehouseConnection } from '../clickhouse-client.ts'
import { isFaultOfStatement, serverError } from '../clickhouse-errors.ts'
import { readMigrations, readViews } from './migration-files.ts'
import type { Migration, SqlFile } from './migration-files.ts'
import type { LockClock } from './lock-clock.ts'
import { acquireMigrationLock, type MigrationLock } from './migration-lock.ts'
import { hasBookkeeping, prepareBookkeeping, readApplied, recordMigration, recordView, type Applied } from './migration-records.ts'
import { checkMigration, checkServer } from './suitability.ts'
import { warehouseErrors } from '../warehouse-errors.ts'

export interface MigrateOptions {
  readonly client: ClickHouseClient
  /** What `client` was made of; absent: one server, and errors that cannot name it. */
  readonly connection?: WarehouseConnection | undefined
  /** The folder that holds `migrations/` and `views/`; default the project's `sql/`. */
  readonly root?: string | undefined
  readonly logger: Logger
  /** Ends a wait for another process that migrates. */
  readonly signal?: AbortSignal | undefined
  /** A migrating process without a beat for this long, in milliseconds, counts as dead. */
  readonly lockExpiryMs?: number | undefined
  readonly lockClock?: LockClock | undefined
}

export interface MigrateResult {
  /** Names of the files applied by this call, in order. */
  readonly applied: readonly string[]
  readonly views: readonly string[]
}

/** Statement timeout: a statement may fill a table from everything that was ever loaded. */
const statementTimeoutMs = 3_600_000

/**
 * Brings the warehouse to the state of the files: applies each migration that is not yet applied, in order, then changed views,
 * or all views after a migration. Views of a newer program are kept. Of several concurrent processes one migrates; the
 * others wait and find it done. If there is nothing to do, it takes no lock and needs no grant to create anything.
 *
 * ClickHouse has no transactions over several statements: a migration that fails half-way is repeated from its first
 * statement by the next call. So every statement of a migration must be idempotent (IF NOT EXISTS, IF EXISTS, OR REPLACE).
 *
 * Rejects with MIGRATION_CHANGED, MIGRATION_FAILED (names file and statement), WAREHOUSE_UNSUITABLE (says what is missing),
 * WAREHOUSE_UNAVAILABLE or, on `signal`, SHUTTING_DOWN.
 */
export async function migrate (options: MigrateOptions): Promise<MigrateResult> {
  const { client, connection } = options
  const patient = connection === undefined ? client : createWarehouseClient(connection, { application: 'loyalty-warehouse migrate', requestTimeoutMs: statementTimeoutMs })
  try {
    return await migrateWith(patient, options)
  } finally {
    if (patient !== client) await patient.close()
  }
}

/** `patient` has the long statement timeout; beats and queries must fail sooner. */
async function migrateWith (patient: ClickHouseClient, { client, connection, root = join(packageRoot, 'sql'), logger, signal, lockExpiryMs = 30_000, lockClock }: MigrateOptions): Promise<MigrateResult> {
  const cluster = connection?.cluster
  const migrations = await readMigrations(root, cluster)
  const views = (await readViews(root, cluster)).map((view) => ({ ...view, checksum: viewChecksum(view, migrations.length) }))
  await checkServer(client, connection)
  if (!await hasBookkeeping(client, cluster)) {
    await checkMigration(client, connection)
    await prepareBookkeeping(patient, connection)
  }

  let warned = false
  const toDo = async (exact: boolean): Promise<ToDo> => {
    const applied = await readApplied(client, cluster, exact)
    const newer = newerMigration(migrations, applied)
    if (newer !== undefined && !warned) {
      warned = true
      logger.warn({ file: newer }, 'a newer version of this program has migrated the warehouse; its views stay as they are')
    }
    return whatIsLeft({ migrations, views: newer === undefined ? views : [] }, applied)
  }
  const needless = async (): Promise<boolean> => isNothing(await toDo(false))
  if (await needless()) return { applied: [], views: [] }
  await checkMigration(client, connection)
  const lock = await acquireMigrationLock({ client, cluster, logger, expiryMs: lockExpiryMs, needless, signal, clock: lockClock })
  if (lock === undefined) {
    logger.info('another process has applied the migrations')
    return { applied: [], views: [] }
  }
  let result: MigrateResult
  try {
    result = await apply({ client, cluster, patient, lock, logger }, await toDo(true))
  } catch (error) {
    // The first error matters more: a lock that is not released expires.
    await lock.release().catch((err: unknown) => { logger.warn({ err }, 'the lock of the migrations could not be released; it expires') })
    throw error
  }
  await lock.release()
  return result
}

interface ToDo {
  readonly migrations: readonly Migration[]
  readonly views: readonly SqlFile[]
}

const isNothing = ({ migrations, views }: ToDo): boolean => migrations.length === 0 && views.length === 0

/** Rejects with MIGRATION_CHANGED. */
function whatIsLeft ({ migrations, views }: ToDo, applied: Applied): ToDo {
  for (const migration of migrations) refuseChanged(migration, applied.migrations.get(migration.version))
  const left = migrations.filter(({ version }) => !applied.migrations.has(version))
  return { migrations: left, views: views.filter(({ name, checksum }) => applied.views.get(name) !== checksum) }
}

/** What a view is known by: its file, and the tables that it was made over, as a view keeps the columns of its time. */
const viewChecksum = ({ checksum }: SqlFile, lastMigration: number): string => `${checksum} after ${lastMigration}`

/** The last migration that was applied here and that this program does not know. */
function newerMigration (known: readonly Migration[], applied: Applied): string | undefined {
  const last = Math.max(0, ...applied.migrations.keys())
  return last > known.length ? applied.migrations.get(last)?.name : undefined
}

interface Applying {
  readonly client: ClickHouseClient
  readonly cluster: string | undefined
  readonly patient: ClickHouseClient
  readonly lock: MigrationLock
  readonly logger: Logger
}

async function apply ({ client, cluster, patient, lock, logger }: Applying, { migrations, views }: ToDo): Promise<MigrateResult> {
  for (const migration of migrations) {
    await applyFile(patient, migration, lock)
    lock.assertHeld()
    await recordMigration(client, migration)
    logger.info({ file: migration.name }, 'migration applied')
  }
  for (const view of views) {
    await applyFile(patient, view, lock)
    lock.assertHeld()
    await recordView(client, view, cluster)
  }
  if (views.length > 0) logger.info({ views: views.length }, 'views applied')
  return { applied: migrations.map(({ name }) => name), views: views.map(({ name }) => name) }
}

function refuseChanged ({ name, checksum }: Migration, known: { readonly name: string, readonly checksum: string } | undefined): void {
  if (known === undefined || known.checksum === checksum) return
  throw new AppError(
    warehouseErrors.MIGRATION_CHANGED,
    `${name} was changed after it was applied: expected checksum ${known.checksum}, got ${checksum}; restore the file and write a new migration`,
    { fields: { file: name, appliedFile: known.name, expected: known.checksum, got: checksum } }
  )
}

async function applyFile (client: ClickHouseClient, { name, statements }: SqlFile, lock: MigrationLock): Promise<void> {
  for (const [index, query] of statements.entries()) {
    lock.assertHeld()
    try {
      // Without waiting for its end an error would come after the head of a good answer, where it is taken for a lost connection.
      await client.command({ query, clickhouse_settings: { wait_end_of_query: 1 } })
    } catch (error) {
      const said = serverError(error)
      const statement = index + 1
      const where = `${name}, statement ${statement} of ${statements.length}`
      if (said !== undefined && isFaultOfStatement(said)) {
        throw new AppError(warehouseErrors.MIGRATION_FAILED, `${where}: ClickHouse error ${said.code} ${said.type}: ${String(error)}`, { cause: error, fields: { file: name, statement, clickHouseCode: said.code } })
      }
      // No answer, or a shortage of the server: it passes, and the file is begun again.
      throw new AppError(warehouseErrors.WAREHOUSE_UNAVAILABLE, `${where}: ${said === undefined ? 'ClickHouse gave no answer' : `ClickHouse could not do it now: ${said.code} ${said.type}`}`, {
        cause: error,
        fields: { file: name, statement, ...(said === undefined ? {} : { clickHouseCode: said.code }) }
      })
    }
  }
}
