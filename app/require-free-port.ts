import { once } from 'node:events'
import { createServer } from 'node:net'
import { AppError } from '../runtime/errors.ts'
import { runtimeErrors } from '../runtime/runtime-errors.ts'

/** Binds the port briefly. Throws PORT_IN_USE, so that a start ends before it has changed anything; listening checks again. */
export async function requireFreePort (setting: string, host: string, port: number): Promise<void> {
  if (port === 0) return
  const server = createServer()
  try {
    server.listen({ host, port, exclusive: true })
    await once(server, 'listening')
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')) throw cause
    throw new AppError(runtimeErrors.PORT_IN_USE, `expected ${setting} ${port} to be free on ${host}, got it taken by another process; stop that or set ${setting} to another port`, { cause })
  } finally {
    server.close()
  }
}
