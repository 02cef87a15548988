import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Records that a group does not get, as the bytes of their record batch are not those that were written. */
export interface DamagedRecords {
  readonly topic: string
  readonly group: string
  /** The first offset that is passed over, and the one after the last. */
  readonly offset: number
  readonly next: number
  /** The file that the record batch's bytes are kept in. */
  readonly file: string
}

export type DamageReport = (damaged: DamagedRecords) => void

/**
 * Keeps the bytes in `<folder>/damaged/<topic>-<offset>.bin`, durably, so that a position may move past them. A file that is there already
 * is left as it is: another group came first.
 */
export function keepAside (folder: string, topic: string, offset: number, bytes: Buffer): string {
  const aside = join(folder, 'damaged')
  const file = join(aside, `${topic}-${offset}.bin`)
  if (existsSync(file)) return file
  mkdirSync(aside, { recursive: true, mode: 0o700 })
  const unfinished = `${file}.unfinished`
  writeFileSync(unfinished, bytes, { mode: 0o600, flush: true })
  renameSync(unfinished, file)
  syncFolder(aside)
  return file
}

/** Only then does the name of a new file survive a loss of power. */
function syncFolder (folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
