import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../runtime/errors.ts'
import { clusterStatements, filledTables } from '../cluster/cluster-statements.ts'
import { splitStatements } from './sql-statements.ts'
import { warehouseErrors } from '../warehouse-errors.ts'

export interface SqlFile {
  /** Name of the file, without its folder. */
  readonly name: string
  /** SHA-256 of its bytes, in hex. */
  readonly checksum: string
  /** Statements to send: the file's own, or their cluster form. */
  readonly statements: readonly string[]
}

export interface Migration extends SqlFile {
  readonly version: number
}

/** The checksum is of the file, so that one server and a cluster agree on what was applied. */
async function readSqlFiles (folder: string, cluster: string | undefined): Promise<readonly SqlFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  const files = await Promise.all(names.map(async (name) => {
    const bytes = await readFile(join(folder, name))
    return { name, checksum: createHash('sha256').update(bytes).digest('hex'), statements: statementsOf(name, bytes.toString('utf8')) }
  }))
  if (cluster === undefined) return files
  const filled = filledTables(files.flatMap(({ statements }) => statements))
  return files.map((file) => ({ ...file, statements: onCluster(file, cluster, filled) }))
}

function statementsOf (file: string, sql: string): readonly string[] {
  try {
    return splitStatements(sql)
  } catch (cause) {
    throw new AppError(warehouseErrors.MIGRATION_FAILED, `${file} cannot be split into statements`, { cause, fields: { file } })
  }
}

function onCluster ({ name: file, statements }: SqlFile, cluster: string, filled: ReadonlySet<string>): readonly string[] {
  return statements.flatMap((statement, index) => {
    try {
      return clusterStatements(statement, cluster, filled)
    } catch (cause) {
      throw new AppError(warehouseErrors.MIGRATION_FAILED, `${file}, statement ${index + 1} of ${statements.length} has no form for a cluster: ${String(cause)}`, { cause, fields: { file, statement: index + 1 } })
    }
  })
}

/** `migrations/NNN_name.sql` of the folder, checked to be numbered 1, 2, 3, … */
export async function readMigrations (root: string, cluster?: string): Promise<readonly Migration[]> {
  const files = await readSqlFiles(join(root, 'migrations'), cluster)
  return files.map((file, index) => {
    const version = Number(/^(\d{3})_\w+\.sql$/.exec(file.name)?.[1] ?? Number.NaN)
    if (version !== index + 1) {
      const expected = String(index + 1).padStart(3, '0')
      throw new AppError(warehouseErrors.MIGRATION_FAILED, `expected migration ${expected}_<name>.sql, got ${file.name}: numbers start at 001, without gap or duplicate`, { fields: { file: file.name } })
    }
    return { ...file, version }
  })
}

/** `views/*.sql` of the folder, in name order. */
export async function readViews (root: string, cluster?: string): Promise<readonly SqlFile[]> {
  return await readSqlFiles(join(root, 'views'), cluster)
}
