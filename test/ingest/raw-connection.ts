import { connect } from 'node:net'
import { onTestFinished } from 'vitest'

/** A TCP connection on which a test writes what it likes. */
export interface RawConnection {
  write (bytes: string | Buffer): void
  /** Stops reading, as a sender does that reads only after it has sent. */
  pause (): void
  resume (): void
  /** Sends no more. */
  end (): void
  /** Everything received, once `part` has been; rejects when the connection closes before. */
  received (part: string): Promise<string>
  /** Everything received, once the connection has closed. */
  readonly closed: Promise<string>
}

export async function openConnection (port: number): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => { socket.destroy() })
  let text = ''
  let isClosed = false
  const changed: Array<() => void> = []
  socket.setEncoding('latin1')
  socket.on('data', (chunk) => {
    text += String(chunk)
    changed.splice(0).forEach((notify) => { notify() })
  })
  // A hostile sender is reset now and then; what it had received by then is what counts.
  socket.on('error', () => {})
  const closed = new Promise<string>((resolve) => {
    socket.on('close', () => {
      isClosed = true
      resolve(text)
      changed.splice(0).forEach((notify) => { notify() })
    })
  })
  await new Promise<void>((resolve) => { socket.once('connect', () => { resolve() }) })
  return {
    closed,
    pause () { socket.pause() },
    resume () { socket.resume() },
    write (bytes) { socket.write(bytes) },
    end () { socket.end() },
    async received (part) {
      while (!text.includes(part)) {
        if (isClosed) throw new Error(`the connection closed before ${JSON.stringify(part)} came, after ${JSON.stringify(text)}`)
        await new Promise<void>((resolve) => { changed.push(resolve) })
      }
      return text
    }
  }
}

/** The head of a request as it stands on the wire. */
export function requestHead (method: string, url: string, headers: Readonly<Record<string, string | number>>): string {
  return `${method} ${url} HTTP/1.1\r\nhost: test\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
}

/** Status codes of the answers in a text, in order. */
export function statuses (text: string): readonly number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]))
}
