import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Settings } from '../runtime/settings.ts'

/** The absolute path of DATA_DIR, which is there afterwards, for its owner only: it holds passwords and what customers did. */
export function openDataDir ({ DATA_DIR }: Settings): string {
  const path = resolve(DATA_DIR)
  mkdirSync(path, { recursive: true, mode: 0o700 })
  return path
}
