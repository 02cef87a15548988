import { readFileSync } from 'node:fs'
import { AppError } from '../runtime/errors.ts'
import type { SettingName, Settings } from '../config/settings.ts'
import { configErrors } from '../config/config-errors.ts'

/** Content of the PEM file of a setting; undefined if not set. Throws CONFIG_INVALID. */
export function readPem (settings: Settings, name: SettingName & `${string}_FILE` & Exclude<SettingName, 'CONFIG_FILE'>): string | undefined {
  const path = settings[name]
  if (path === undefined) return undefined
  let pem: string
  try {
    pem = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new AppError(configErrors.CONFIG_INVALID, `${name}: ${path} cannot be read`, { cause })
  }
  if (!pem.includes('-----BEGIN ')) throw new AppError(configErrors.CONFIG_INVALID, `${name}: expected a file in PEM form, got something else in ${path}`)
  return pem
}
