import { hash, timingSafeEqual } from 'node:crypto'

const hex = /^[0-9a-f]{64}$/i
const base64 = /^[A-Za-z0-9+/_-]{43}=?$/

export function sha256 (text: string): Buffer {
  return hash('sha256', text, 'buffer')
}

/** The 32 bytes of a SHA-256 written as hex of any case, or as base64 of either alphabet with or without padding; undefined for anything else. */
export function readSha256 (text: string): Buffer | undefined {
  if (hex.test(text)) return Buffer.from(text, 'hex')
  if (base64.test(text)) return Buffer.from(text, 'base64')
  return undefined
}

/** Constant-time comparison that reveals neither position of a difference nor which digest matched. */
export function equalsAny (candidate: Buffer, expected: readonly Buffer[]): boolean {
  let found = false
  for (const digest of expected) found = timingSafeEqual(candidate, digest) || found
  return found
}
