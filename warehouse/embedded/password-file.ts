import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { AppError } from '../../runtime/errors.ts'
import { writePrivateFile } from './private-file.ts'
import { warehouseErrors } from '../warehouse-errors.ts'

/**
 * The password of the internal user: made once, then kept, so that other commands on this machine can connect to a
 * server that is already running. Only the owner of the file can read it.
 */
export async function readOrCreatePassword (path: string): Promise<string> {
  const kept = await readIfPresent(path)
  if (kept === undefined) {
    const password = randomBytes(24).toString('base64url')
    await writePrivateFile(path, password + '\n')
    return password
  }
  const password = kept.trim()
  if (password.length < 16) {
    throw new AppError(warehouseErrors.EMBEDDED_WAREHOUSE_FAILED, `${path} does not hold a password; delete it and start again to have a new one made`)
  }
  return password
}

async function readIfPresent (path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
