import { once } from 'node:events'
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream'

/** A server's address that can lose answers: the server did what it was asked, and the client never hears. */
export interface HttpProxy {
  /** http://host:port, in place of the server's. */
  readonly url: string
  /** Answers swallowed so far. */
  readonly swallowed: number
  /**
   * Swallows the answer to the next request whose path and query, decoded, contain the text, and destroys the client's
   * connection. Several calls swallow one answer each. Resolves with the status when the answer has come whole from the
   * server and is gone.
   */
  swallowNext (text: string): Promise<number>
  /** From now on holds the answers to requests whose decoded path and query contain the text: the server has done its work, and the client waits. */
  hold (text: string): Hold
  close (): Promise<void>
}

export interface Hold {
  /** Answers that have come from the server and are kept back, or were until their client gave up. */
  readonly held: number
  /** Passes them on and keeps no more. */
  release (): void
}

interface Order {
  readonly text: string
  done (status: number): void
}

/** Passes requests and answers on as they come, bodies streamed; where the server cannot be reached, the client's connection is destroyed. */
export async function startHttpProxy (targetUrl: string): Promise<HttpProxy> {
  const orders: Order[] = []
  const agent = new Agent({ keepAlive: true })
  const holds = new Set<{ readonly text: string, held: number, readonly released: Promise<void> }>()
  let swallowed = 0

  function pass (incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, url = '/', rawHeaders, socket } = incoming
    const index = orders.findIndex(({ text }) => decoded(url).includes(text))
    const [order] = index === -1 ? [] : orders.splice(index, 1)
    // not the message: one that was read whole no longer holds its socket
    const lose = (): void => { socket.destroy() }
    const onward = request(new URL(url, targetUrl), { method, headers: rawHeaders, agent })
    pipeline(incoming, onward, (error) => { if (error != null) lose() })
    onward.once('response', (answer) => {
      const { statusCode = 0, statusMessage, rawHeaders: answerHeaders } = answer
      if (order === undefined) {
        const hold = [...holds].find(({ text }) => decoded(url).includes(text))
        if (hold !== undefined) {
          buffer(answer).then(async (body) => {
            hold.held++
            await hold.released
            outgoing.writeHead(statusCode, statusMessage, answerHeaders).end(body)
          }).catch(lose)
          return
        }
        outgoing.writeHead(statusCode, statusMessage, answerHeaders)
        pipeline(answer, outgoing, (error) => { if (error != null) lose() })
        return
      }
      buffer(answer).then(() => {
        swallowed++
        lose()
        order.done(statusCode)
      }, lose)
    })
    onward.once('error', lose)
    outgoing.once('close', () => { if (!outgoing.writableFinished) onward.destroy() })
  }

  // The server's own limits and keep-alive are those that count.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 0 }, pass).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get swallowed () { return swallowed },
    async swallowNext (text) {
      return await new Promise<number>((resolve) => { orders.push({ text, done: resolve }) })
    },
    hold (text) {
      let release = (): void => {}
      const hold = { text, held: 0, released: new Promise<void>((resolve) => { release = resolve }) }
      holds.add(hold)
      return {
        get held () { return hold.held },
        release () {
          holds.delete(hold)
          release()
        }
      }
    },
    async close () {
      server.close()
      server.closeAllConnections()
      agent.destroy()
      await once(server, 'close')
    }
  }
}

/** A path with its query as a person would write it. */
function decoded (url: string): string {
  try {
    return decodeURIComponent(url.replaceAll('+', ' '))
  } catch {
    return url
  }
}
