import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { IngestMetrics } from './ingest-metrics.ts'

export interface ConnectionLimits {
  readonly most: number
  /** Undefined where proxies are trusted: the vendors' requests all come from the proxies' addresses. */
  readonly mostPerAddress: number | undefined
}

export interface Connections {
  /** The request of this response passed authentication: its connection is not closed for others until it is answered. */
  admitted (response: ServerResponse): void
}

/**
 * Shares the server's connections. At a limit a new connection replaces the oldest one without an authenticated request,
 * else the sender that has been idle longest; so idle connections and probes of /livez
 * lock no vendor out. If every connection is busy with an authenticated request, the new one is closed.
 */
export function shareConnections (server: Server, { most, mostPerAddress }: ConnectionLimits, metrics: IngestMetrics): Connections {
  const all = new Pool()
  const byAddress = new Map<string, Pool>()
  const poolsOf = new Map<Socket, readonly Pool[]>()

  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const ofAddress = byAddress.get(address) ?? new Pool()
    if (!makeRoom(ofAddress, mostPerAddress ?? Infinity, 'address_limit') || !makeRoom(all, most, 'limit')) {
      socket.destroy()
      return
    }
    byAddress.set(address, ofAddress)
    const pools = [all, ofAddress]
    poolsOf.set(socket, pools)
    for (const pool of pools) pool.add(socket)
    socket.once('close', () => {
      forget(socket)
      if (ofAddress.size === 0 && byAddress.get(address) === ofAddress) byAddress.delete(address)
    })
  })

  function makeRoom (pool: Pool, limit: number, reason: 'limit' | 'address_limit'): boolean {
    if (pool.size < limit) return true
    metrics.connectionClosed(reason)
    const victim = pool.victim()
    if (victim === undefined) return false
    forget(victim)
    victim.destroy()
    return true
  }

  function forget (socket: Socket): void {
    for (const pool of poolsOf.get(socket) ?? []) pool.remove(socket)
    poolsOf.delete(socket)
  }

  metrics.watchConnections(() => all.size)

  return {
    admitted (response) {
      const { socket } = response
      if (socket === null) return
      for (const pool of poolsOf.get(socket) ?? []) pool.atWork(socket)
      response.once('close', () => {
        for (const pool of poolsOf.get(socket) ?? []) pool.idle(socket)
      })
    }
  }
}

/** Connections by state; each set in insertion order. */
class Pool {
  readonly #strangers = new Set<Socket>()
  readonly #idle = new Set<Socket>()
  /** With the number of requests in flight of each: HTTP/1.1 may pipeline. */
  readonly #atWork = new Map<Socket, number>()

  get size (): number {
    return this.#strangers.size + this.#idle.size + this.#atWork.size
  }

  add (socket: Socket): void {
    this.#strangers.add(socket)
  }

  atWork (socket: Socket): void {
    this.#strangers.delete(socket)
    this.#idle.delete(socket)
    this.#atWork.set(socket, (this.#atWork.get(socket) ?? 0) + 1)
  }

  idle (socket: Socket): void {
    const left = (this.#atWork.get(socket) ?? 1) - 1
    if (left > 0) {
      this.#atWork.set(socket, left)
      return
    }
    this.#atWork.delete(socket)
    this.#idle.add(socket)
  }

  remove (socket: Socket): void {
    this.#strangers.delete(socket)
    this.#idle.delete(socket)
    this.#atWork.delete(socket)
  }

  /** The connection to close; undefined if all are busy. */
  victim (): Socket | undefined {
    const [stranger] = this.#strangers
    const [idle] = this.#idle
    return stranger ?? idle
  }
}
