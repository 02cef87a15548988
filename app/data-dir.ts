import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { AppError } from '../runtime/errors.ts'
import type { Logger } from '../runtime/logger.ts'
import type { Settings } from '../config/settings.ts'
import { configErrors } from '../config/config-errors.ts'

/**
 * Creates DATA_DIR, owner-only because it holds passwords and customer data, and returns its absolute path. Throws CONFIG_INVALID
 * if it is not a folder that this process can write to.
 */
export function openDataDir ({ DATA_DIR }: Settings, logger: Logger): string {
  const path = resolve(DATA_DIR)
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
    const mode = statSync(path).mode & 0o777
    if ((mode & 0o077) !== 0) {
      chmodSync(path, mode & 0o700)
      logger.warn({ path, mode: mode.toString(8) }, 'DATA_DIR was readable by other users; it is now owner-only')
    }
  } catch (cause) {
    const got = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    throw new AppError(configErrors.CONFIG_INVALID, `DATA_DIR: expected ${path} to be a folder that this process owns and can write to, got ${got}; name another folder, or mend its owner and rights`, { cause })
  }
  return path
}
