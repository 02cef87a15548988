import ipaddr from 'ipaddr.js'
import type { IncomingMessage } from 'node:http'
import { addressMatcher } from '../config/address-range.ts'

/** The address of a sender for whom a trusted proxy stated none that parses. No allow-list admits it. */
const unknownAddress = 'unknown'

const mapped = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i
const withPort = /^(?:\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/

/**
 * The sender's address: the socket's peer or, behind trusted proxies, the last address of X-Forwarded-For
 * that is not a proxy. Everything to its left was written by the sender, and is ignored.
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
