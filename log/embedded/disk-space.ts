import { readFileSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../runtime/errors.ts'
import { logErrors } from '../log-errors.ts'

const mebibyte = 1024 * 1024

/**
 * LMDB must never meet a full disk: lmdb-js overruns a heap buffer while formatting that error (`malloc(100)` and a longer `sprintf` in
 * mdb.c), and the process aborts. So free space is checked before every write transaction, and one that might not fit
 * does not begin. Other programs may write between check and commit: the margins are far wider than a transaction.
 */
const marginBytes = { positions: 16 * mebibyte, appends: 48 * mebibyte } as const
/** Pages that a transaction copies and its free list, on top of the records. */
const copyFactor = 2
/** Every webhook is checked; statfs is called at most this often. */
const keepMs = 100

export interface DiskSpace {
  readonly freeBytes: number
  /** Free bytes below which ingest refuses webhooks. */
  readonly reserveBytes: number
  /** Throws LOG_DISK_FULL while a webhook must be refused, to leave room for the stages to drain. */
  requireReserve (): void
  /** Throws LOG_DISK_FULL if a transaction with this many bytes of appended records might not fit; 0 for offsets and trimming alone. */
  requireRoom (recordBytes: number): void
}

/** The disk under the existing folder `path`. */
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
      // its transaction checks again
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

/** The limit of `ulimit -f`, which statfs does not report; undefined without a limit, or without /proc. */
function fileSizeLimit (): number | undefined {
  try {
    const [, soft] = /^Max file size\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return soft === undefined ? undefined : Number(soft)
  } catch {
    return undefined
  }
}
