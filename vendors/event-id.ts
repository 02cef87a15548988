import { hash } from 'node:crypto'
import stringify from 'safe-stable-stringify'
import { uuidOfHash } from '../schemas/uuid.ts'

/** Equal parts give an equal UUID. */
export function deterministicId (...parts: readonly string[]): string {
  // Length-prefixed, so that different lists of parts cannot collide.
  return uuidOfHash(hash('sha256', parts.map((part) => `${part.length}:${part}`).join('')))
}

/** JSON with sorted keys: equal content gives equal text, whatever the key order. */
export function canonicalText (content: unknown): string {
  return stringify(content) ?? 'null'
}
