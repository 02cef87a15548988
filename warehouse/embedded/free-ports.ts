import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../runtime/errors.ts'
import { runtimeErrors } from '../../runtime/runtime-errors.ts'

export const loopback = '127.0.0.1'

export interface ServerPorts {
  readonly http: number
  readonly tcp: number
}

/** Binds the port briefly: undefined if taken, otherwise the port (0 asks the system for any). */
async function tryPort (port: number): Promise<number | undefined> {
  const server = createServer()
  try {
    server.listen({ port, host: loopback, exclusive: true })
    await once(server, 'listening')
    const address = server.address() as AddressInfo
    return address.port
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined
    throw error
  } finally {
    server.close()
  }
}

async function claim (setting: string, port: number, until: number): Promise<number> {
  for (;;) {
    const found = await tryPort(port)
    if (found !== undefined) return found
    if (performance.now() >= until) {
      throw new AppError(runtimeErrors.PORT_IN_USE, `port ${port} on ${loopback} is already in use; stop the other program or set ${setting} to a free port`, { fields: { setting, port } })
    }
    await sleep(100)
  }
}

/**
 * Claims both ports before the server starts, so that an error names the setting of a taken port, and so that port 0 stays one
 * port over restarts. `graceMs`: how long a predecessor that is still stopping may hold them.
 */
export async function claimPorts (wanted: ServerPorts, graceMs: number): Promise<ServerPorts> {
  const until = performance.now() + graceMs
  const http = await claim('CLICKHOUSE_HTTP_PORT', wanted.http, until)
  const tcp = await claim('CLICKHOUSE_TCP_PORT', wanted.tcp, until)
  if (http === tcp && wanted.http !== 0) {
    throw new AppError(runtimeErrors.PORT_IN_USE, `CLICKHOUSE_HTTP_PORT and CLICKHOUSE_TCP_PORT are both ${http}; each needs a port of its own`, { fields: { setting: 'CLICKHOUSE_TCP_PORT', port: tcp } })
  }
  return http === tcp ? await claimPorts(wanted, graceMs) : { http, tcp }
}
