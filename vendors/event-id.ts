import { hash } from 'node:crypto'
import stringify from 'safe-stable-stringify'
import { uuidOfHash } from '../schemas/uuid.ts'

/** The same parts always give the same UUID. */
export function deterministicId (...parts: readonly string[]): string {
  // Each part with its length, so that no two lists of parts read the same.
  return uuidOfHash(hash('sha256', parts.map((part) => `${part.length}:${part}`).join('')))
}

/** JSON with sorted keys: equal content gives equal text, whatever the order it was sent in. */
export function canonicalText (content: unknown): string {
  return stringify(content) ?? 'null'
}
