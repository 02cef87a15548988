import { readFileSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../runtime/errors.ts'
import { logErrors } from '../log-errors.ts'

const mebibyte = 1024 * 1024

/**
 * LMDB must never meet a full disk: lmdb-js overruns a heap buffer while it words that error (`malloc(100)` and a longer `sprintf` in
 * mdb.c), and the process aborts. So the free space is asked for before every write transaction, and a transaction that might not fit
 * is not begun. Other programs write to the same disk between the question and the write: the margins are far wider than a transaction.
 */
const marginBytes = { positions: 16 * mebibyte, appends: 48 * mebibyte } as const
/** Pages that a transaction copies, and its free list, beside the records themselves. */
const copyFactor = 2
/** Each webhook is checked; the disk is not asked again for each. */
const keepMs = 100

export interface DiskSpace {
  readonly freeBytes: number
  /** Free bytes below which the intake refuses. */
  readonly reserveBytes: number
  /** Throws LOG_DISK_FULL while a webhook must not be accepted: what the stages still have to write needs the rest. */
  requireReserve (): void
  /** Throws LOG_DISK_FULL where a transaction with appended records of this many bytes might not fit; 0 for positions and trimming alone. */
  requireRoom (recordBytes: number): void
}

/** The disk under the log in the folder `path`, which exists. */
export function diskSpace (path: string, reserveBytes: number): DiskSpace {
  const longestFile = fileSizeLimit()
  let known = { bytes: 0, at: -Infinity }

  function free (): number {
    const bytes = Math.min(freeOnDisk(path), longestFile === undefined ? Infinity : longestFile - fileBytes(path))
    known = { bytes, at: performance.now() }
    return bytes
  }

  function require (found: number, needed: number, what: string): void {
    if (found >= needed) return
    throw new AppError(logErrors.LOG_DISK_FULL, `expected ${needed} free bytes for ${what} on the disk of ${path}, got ${found}; make room there, and it goes on by itself`, {
      fields: { freeBytes: found, neededBytes: needed }
    })
  }

  return {
    get freeBytes () { return free() },
    reserveBytes,
    requireReserve () {
      // its transaction asks again
      const found = performance.now() - known.at < keepMs ? known.bytes : free()
      require(found, Math.max(reserveBytes, marginBytes.appends), 'a webhook')
    },
    requireRoom (recordBytes) {
      if (recordBytes === 0) require(free(), marginBytes.positions, 'positions of the log')
      else require(free(), marginBytes.appends + copyFactor * recordBytes, 'records of the log')
    }
  }
}

function freeOnDisk (path: string): number {
  const { bavail, bsize } = statfsSync(path)
  return bavail * bsize
}

function fileBytes (path: string): number {
  return statSync(join(path, 'data.mdb'), { throwIfNoEntry: false })?.size ?? 0
}

/** What `ulimit -f` allows, which statfs does not know; undefined where there is no limit, or no /proc to tell it. */
function fileSizeLimit (): number | undefined {
  try {
    const [, soft] = /^Max file size\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return soft === undefined ? undefined : Number(soft)
  } catch {
    return undefined
  }
}
