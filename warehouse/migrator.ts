import { join } from 'node:path'
import type { Logger } from 'pino'
import { AppError } from '../runtime/errors.ts'
import { packageRoot } from '../runtime/package-root.ts'
import type { ClickHouseClient, WarehouseConnection } from './clickhouse-client.ts'
import { isFaultOfStatement, serverError } from './clickhouse-errors.ts'
import { readMigrations, readViews } from './migration-files.ts'
import type { Migration, SqlFile } from './migration-files.ts'
import { acquireMigrationLock, type MigrationLock } from './migration-lock.ts'
import { hasBookkeeping, prepareBookkeeping, readApplied, recordMigration, recordView, type Applied } from './migration-records.ts'
import { checkMigration, checkServer } from './suitability.ts'

export interface MigrateOptions {
  readonly client: ClickHouseClient
  /** What `client` was made of; absent: one server, and errors that cannot name it. */
  readonly connection?: WarehouseConnection | undefined
  /** The folder that holds `migrations/` and `views/`; default the project's `sql/`. */
  readonly root?: string | undefined
  readonly logger: Logger
  /** Ends a wait for another process that migrates. */
  readonly signal?: AbortSignal | undefined
  /** How long a process that migrates may show no sign of life before another takes over, in milliseconds. */
  readonly lockExpiryMs?: number | undefined
}

export interface MigrateResult {
  /** Names of the files applied by this call, in order. */
  readonly applied: readonly string[]
  readonly views: readonly string[]
}

/**
 * Brings the warehouse to the state of the files: every migration not yet applied, in order, then the views that changed,
 * or all of them when a migration ran. Of several processes that call this at once, one does it; the others wait and find it done.
 * Where nothing is to be done, it takes no lock and needs no right to create anything.
 *
 * ClickHouse has no transaction over several statements: a migration that fails half-way is repeated from its first
 * statement by the next call. So every statement of a migration must stand repetition (IF NOT EXISTS, IF EXISTS, OR REPLACE).
 *
 * Rejects with MIGRATION_CHANGED, MIGRATION_FAILED (names file and statement), WAREHOUSE_UNSUITABLE (says what is missing),
 * WAREHOUSE_UNAVAILABLE or, on `signal`, SHUTTING_DOWN.
 */
export async function migrate ({ client, connection, root = join(packageRoot, 'sql'), logger, signal, lockExpiryMs = 30_000 }: MigrateOptions): Promise<MigrateResult> {
  const cluster = connection?.cluster
  const migrations = await readMigrations(root, cluster)
  const views = await readViews(root, cluster)
  await checkServer(client, connection)
  if (!await hasBookkeeping(client)) {
    await checkMigration(client, connection)
    await prepareBookkeeping(client, connection)
  }

  const toDo = async (exact: boolean): Promise<ToDo> => whatIsLeft({ migrations, views }, await readApplied(client, cluster, exact))
  const needless = async (): Promise<boolean> => isNothing(await toDo(false))
  if (await needless()) return { applied: [], views: [] }
  await checkMigration(client, connection)
  const lock = await acquireMigrationLock({ client, cluster, logger, expiryMs: lockExpiryMs, needless, signal })
  if (lock === undefined) {
    logger.info('another process has applied the migrations')
    return { applied: [], views: [] }
  }
  let result: MigrateResult
  try {
    result = await apply(client, await toDo(true), lock, logger)
  } catch (error) {
    // What went wrong matters more than a lock that could not be given back: that one expires.
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
  return { migrations: left, views: left.length > 0 ? views : views.filter(({ name, checksum }) => applied.views.get(name) !== checksum) }
}

async function apply (client: ClickHouseClient, { migrations, views }: ToDo, lock: MigrationLock, logger: Logger): Promise<MigrateResult> {
  for (const migration of migrations) {
    await applyFile(client, migration, lock)
    lock.assertHeld()
    await recordMigration(client, migration)
    logger.info({ file: migration.name }, 'migration applied')
  }
  for (const view of views) {
    await applyFile(client, view, lock)
    lock.assertHeld()
    await recordView(client, view)
  }
  if (views.length > 0) logger.info({ views: views.length }, 'views applied')
  return { applied: migrations.map(({ name }) => name), views: views.map(({ name }) => name) }
}

function refuseChanged ({ name, checksum }: Migration, known: { readonly name: string, readonly checksum: string } | undefined): void {
  if (known === undefined || known.checksum === checksum) return
  throw new AppError(
    'MIGRATION_CHANGED',
    `${name} was changed after it was applied: expected checksum ${known.checksum}, got ${checksum}; restore the file and write a new migration`,
    { fields: { file: name, appliedFile: known.name, expected: known.checksum, got: checksum } }
  )
}

async function applyFile (client: ClickHouseClient, { name, statements }: SqlFile, lock: MigrationLock): Promise<void> {
  for (const [index, query] of statements.entries()) {
    lock.assertHeld()
    try {
      await client.command({ query })
    } catch (error) {
      const said = serverError(error)
      const statement = index + 1
      const where = `${name}, statement ${statement} of ${statements.length}`
      if (said !== undefined && isFaultOfStatement(said)) {
        throw new AppError('MIGRATION_FAILED', `${where}: ClickHouse error ${said.code} ${said.type}: ${String(error)}`, { cause: error, fields: { file: name, statement, clickHouseCode: said.code } })
      }
      // No answer, or a shortage of the server: it passes, and the file is begun again.
      throw new AppError('WAREHOUSE_UNAVAILABLE', `${where}: ${said === undefined ? 'ClickHouse gave no answer' : `ClickHouse could not do it now: ${said.code} ${said.type}`}`, {
        cause: error,
        fields: { file: name, statement, ...(said === undefined ? {} : { clickHouseCode: said.code }) }
      })
    }
  }
}
