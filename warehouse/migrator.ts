import { join } from 'node:path'
import type { Logger } from 'pino'
import { AppError } from '../runtime/errors.ts'
import { packageRoot } from '../runtime/package-root.ts'
import type { ClickHouseClient } from './clickhouse-client.ts'
import { classifyClickHouseError, isTransient, serverError } from './clickhouse-errors.ts'
import { readMigrations, readViews } from './migration-files.ts'
import type { Migration, SqlFile } from './migration-files.ts'
import { appliedMigrations, appliedViews, prepareBookkeeping, recordMigration, recordView } from './migration-records.ts'

export interface MigrateOptions {
  readonly client: ClickHouseClient
  /** The folder that holds `migrations/` and `views/`; default the project's `sql/`. */
  readonly root?: string | undefined
  readonly logger: Logger
}

export interface MigrateResult {
  /** Names of the files applied by this call, in order. */
  readonly applied: readonly string[]
  readonly views: readonly string[]
}

/**
 * Brings the warehouse to the state of the files: every migration not yet applied, in order, then the views that changed,
 * or all of them when a migration ran.
 *
 * ClickHouse has no transaction over several statements: a migration that fails half-way is repeated from its first
 * statement by the next call. So every statement of a migration must stand repetition (IF NOT EXISTS, IF EXISTS, OR REPLACE);
 * the same makes it harmless that two processes migrate at once.
 *
 * Rejects with MIGRATION_CHANGED, MIGRATION_FAILED (names file and statement) or WAREHOUSE_UNAVAILABLE.
 */
export async function migrate ({ client, root = join(packageRoot, 'sql'), logger }: MigrateOptions): Promise<MigrateResult> {
  const migrations = await readMigrations(root)
  const views = await readViews(root)
  await reachable(prepareBookkeeping(client))
  const done = await reachable(appliedMigrations(client))
  for (const migration of migrations) refuseChanged(migration, done.get(migration.version))

  const applied: string[] = []
  for (const migration of migrations.filter(({ version }) => !done.has(version))) {
    await applyFile(client, migration)
    await reachable(recordMigration(client, migration))
    applied.push(migration.name)
    logger.info({ file: migration.name }, 'migration applied')
  }

  const current = applied.length > 0 ? new Map<string, string>() : await reachable(appliedViews(client))
  const renewed: string[] = []
  for (const view of views.filter(({ name, checksum }) => current.get(name) !== checksum)) {
    await applyFile(client, view)
    await reachable(recordView(client, view))
    renewed.push(view.name)
  }
  if (renewed.length > 0) logger.info({ views: renewed.length }, 'views applied')
  return { applied, views: renewed }
}

function refuseChanged ({ name, checksum }: Migration, known: { readonly name: string, readonly checksum: string } | undefined): void {
  if (known === undefined || known.checksum === checksum) return
  throw new AppError(
    'MIGRATION_CHANGED',
    `${name} was changed after it was applied: expected checksum ${known.checksum}, got ${checksum}; restore the file and write a new migration`,
    { fields: { file: name, appliedFile: known.name, expected: known.checksum, got: checksum } }
  )
}

async function applyFile (client: ClickHouseClient, { name, statements }: SqlFile): Promise<void> {
  for (const [index, query] of statements.entries()) {
    try {
      await client.command({ query })
    } catch (error) {
      const said = serverError(error)
      // No answer at all is not the file's fault, nor is a server that is only short of something now.
      if (said === undefined || isTransient(said)) throw classifyClickHouseError(error)
      const statement = index + 1
      throw new AppError(
        'MIGRATION_FAILED',
        `${name}, statement ${statement} of ${statements.length}: ClickHouse error ${said.code} ${said.type}: ${String(error)}`,
        { cause: error, fields: { file: name, statement, clickHouseCode: said.code } }
      )
    }
  }
}

async function reachable<T> (work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw classifyClickHouseError(error)
  }
}
