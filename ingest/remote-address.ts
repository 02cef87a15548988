import ipaddr from 'ipaddr.js'
import type { IncomingMessage } from 'node:http'
import { addressMatcher } from '../config/address-range.ts'

/** What a sender is called whose address a trusted proxy did not state legibly. No allow-list admits it. */
const unknownAddress = 'unknown'

const mapped = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i
const withPort = /^(?:\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/

/**
 * Tells who sent a request: the peer of the socket or, behind trusted proxies, the last address of X-Forwarded-For
 * that is not one of them. What stands to the left of that one was written by the sender, and is not believed.
 */
export function remoteAddressReader (trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  if (trustedProxies.length === 0) return peerAddress
  const isTrusted = addressMatcher(trustedProxies)
  return (request) => {
    const peer = peerAddress(request)
    const forwarded = request.headers['x-forwarded-for']
    if (forwarded === undefined) return peer
    const hops = (Array.isArray(forwarded) ? forwarded.join(',') : forwarded).split(',')
    let sender = peer
    for (let index = hops.length - 1; index >= 0 && isTrusted(sender); index--) sender = readHop(hops[index] ?? '')
    return sender
  }
}

function peerAddress (request: IncomingMessage): string {
  return request.socket.remoteAddress?.replace(mapped, '') ?? unknownAddress
}

function readHop (hop: string): string {
  const trimmed = hop.trim()
  const parts = withPort.exec(trimmed)
  const address = parts?.[1] ?? parts?.[2] ?? trimmed
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : unknownAddress
}
