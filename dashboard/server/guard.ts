import { createHash, timingSafeEqual } from 'node:crypto'
import { loopbackHosts } from '../../config/admin-address.ts'
import { AppError } from '../../runtime/errors.ts'
import { dashboardErrors } from './dashboard-errors.ts'
import { runtimeErrors } from '../../runtime/runtime-errors.ts'

export interface GuardedRequest {
  readonly host?: string | undefined
  readonly authorization?: string | undefined
}

/**
 * Access to the dashboard. With a password: requires it, under any user name, else NOT_AUTHENTIC. Without one: requires a request
 * from this machine under a local host name, because a page of another host whose name resolves to 127.0.0.1 (DNS rebinding) sends its own, and gets
 * HOST_NOT_ALLOWED.
 */
export function guard (password: string | undefined, { host, authorization }: GuardedRequest): void {
  if (password === undefined) {
    if (!isLocal(host ?? '')) throw new AppError(dashboardErrors.HOST_NOT_ALLOWED, 'expected the dashboard to be asked for as localhost or 127.0.0.1: set ADMIN_PASSWORD to use it under another name')
    return
  }
  const [, encoded = ''] = /^basic (.+)$/i.exec(authorization ?? '') ?? []
  const [, given = ''] = /^[^:]*:([^]*)$/.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? []
  if (!timingSafeEqual(digest(given), digest(password))) throw new AppError(runtimeErrors.NOT_AUTHENTIC, 'expected ADMIN_PASSWORD as the password of Basic authentication')
}

function isLocal (host: string): boolean {
  return URL.canParse(`http://${host}`) && loopbackHosts.includes(new URL(`http://${host}`).hostname)
}

function digest (text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest()
}
