import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { kafkaFrames } from './kafka-frames.ts'

/** API keys of Kafka's protocol. */
export const apiKeys = { produce: 0, fetch: 1, offsetCommit: 8 } as const

/** A broker's address that can lose acknowledgements: the broker did what it was asked, and the client never hears. */
export interface KafkaProxy {
  /** host:port; the broker advertises it to who comes through the proxy. */
  readonly address: string
  /** Replies swallowed so far. */
  readonly swallowed: number
  /**
   * Swallows the reply to the next request of this kind, of whatever connection; then closes that connection, or leaves
   * it open. Several calls swallow one reply each. Resolves when the reply has come from the broker and is gone.
   */
  swallowNext (apiKey: number, then: 'close' | 'hang'): Promise<void>
  close (): Promise<void>
}

interface Order {
  readonly apiKey: number
  readonly then: 'close' | 'hang'
  done (): void
}

/** Passes what comes to `port` of 127.0.0.1 on to `targetPort`; while nobody listens there, connections are closed. */
export async function startKafkaProxy (port: number, targetPort: number): Promise<KafkaProxy> {
  const orders: Order[] = []
  const sockets = new Set<Socket>()
  let swallowed = 0

  const server = createServer((client) => {
    const broker = connect(targetPort, '127.0.0.1')
    const awaited = new Map<number, Order>()
    for (const socket of [client, broker]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.once('close', () => { sockets.delete(socket) })
    }
    const close = (): void => {
      client.destroy()
      broker.destroy()
    }
    const requests = kafkaFrames((frame) => {
      const index = orders.findIndex(({ apiKey }) => apiKey === frame.readInt16BE(4))
      const [order] = index === -1 ? [] : orders.splice(index, 1)
      if (order !== undefined) awaited.set(frame.readInt32BE(8), order)
      return true
    })
    const replies = kafkaFrames((frame) => {
      const correlationId = frame.readInt32BE(4)
      const order = awaited.get(correlationId)
      if (order === undefined) return true
      awaited.delete(correlationId)
      swallowed++
      if (order.then === 'close') close()
      order.done()
      return false
    })
    pipeline(client, requests, broker, close)
    pipeline(broker, replies, client, close)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `127.0.0.1:${port}`,
    get swallowed () { return swallowed },
    async swallowNext (apiKey, then) {
      await new Promise<void>((resolve) => { orders.push({ apiKey, then, done: resolve }) })
    },
    async close () {
      server.close()
      for (const socket of sockets) socket.destroy()
      if (server.listening) await once(server, 'close')
    }
  }
}
