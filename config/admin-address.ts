import { AppError } from '../runtime/errors.ts'
import type { Settings } from './settings.ts'
import { configErrors } from './config-errors.ts'

/** Names of this machine for itself, as they stand in a URL. */
export const loopbackHosts: readonly string[] = ['127.0.0.1', 'localhost', '[::1]', '::1']

/** Address of the admin port: loopback unless a password guards it or a setting overrides it. */
export function adminHost ({ ADMIN_HOST, ADMIN_PASSWORD }: Pick<Settings, 'ADMIN_HOST' | 'ADMIN_PASSWORD'>): string {
  return ADMIN_HOST ?? (ADMIN_PASSWORD === undefined ? '127.0.0.1' : '0.0.0.0')
}

/** Throws CONFIG_INVALID if the dashboard would be open to anybody who reaches its address. */
export function refuseOpenDashboard (settings: Pick<Settings, 'ADMIN_HOST' | 'ADMIN_PASSWORD'>): void {
  const host = adminHost(settings)
  if (settings.ADMIN_PASSWORD !== undefined || loopbackHosts.includes(host)) return
  throw new AppError(configErrors.CONFIG_INVALID, `ADMIN_HOST: expected ADMIN_PASSWORD beside ${host}, as others could read the dashboard there, got none: set it, or leave ADMIN_HOST out, or leave dashboard out of --roles`)
}
