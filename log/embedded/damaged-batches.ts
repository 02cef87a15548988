import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Records that a group does not get, because the checksum of their record batch failed. */
export interface DamagedRecords {
  readonly topic: string
  readonly group: string
  /** The first skipped offset, and the one after the last. */
  readonly offset: number
  readonly next: number
  /** The file with the bytes of the record batch. */
  readonly file: string
}

export type DamageReport = (damaged: DamagedRecords) => void

/**
 * Stores the bytes durably in `<folder>/damaged/<topic>-<offset>.bin`, so that an offset may move past them. An existing file
 * is left alone: another group stored it.
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

/** The name of a new file survives a power loss only after its folder is synced. */
function syncFolder (folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
