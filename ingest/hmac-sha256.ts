import { hash } from 'node:crypto'

const blockBytes = 64
const digestBytes = 32

/**
 * HMAC-SHA256 (RFC 2104) with a key that is used again and again.
 *
 * Built on one-shot hashes as `createHmac` makes an object with a native handle and a stream for every body,
 * which takes longer than the hashing. The test holds it against `createHmac`.
 */
export function hmacSha256 (secret: string): (body: Buffer) => Buffer {
  const given = Buffer.from(secret)
  const key = given.length > blockBytes ? hash('sha256', given, 'buffer') : given
  const innerKey = Buffer.alloc(blockBytes, 0x36)
  const outer = Buffer.alloc(blockBytes + digestBytes, 0x5c)
  key.forEach((byte, index) => {
    innerKey[index] = byte ^ 0x36
    outer[index] = byte ^ 0x5c
  })
  return (body) => {
    // Digests go through hex: Node allocates one in bytes outside of its heap.
    outer.write(hash('sha256', Buffer.concat([innerKey, body], blockBytes + body.length), 'hex'), blockBytes, 'hex')
    return Buffer.from(hash('sha256', outer, 'hex'), 'hex')
  }
}
