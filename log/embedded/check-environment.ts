import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../runtime/errors.ts'
import { childrenOf, entriesOf, pageKinds, readMeta, readPage, type LeafEntry, type Meta, type Page } from './lmdb-file.ts'
import { logErrors } from '../log-errors.ts'

/** Another process may commit during the check: it is then repeated, at most this many times. */
const attempts = 20
const pauseMs = 5

/**
 * Checks the B-trees of the data file, as of its last transaction, before LMDB opens it. LMDB trusts the file: a truncated one ends
 * the process with SIGBUS, a zeroed page with SIGSEGV, and a damaged free list lets it overwrite records. Values are not
 * checked here: each record batch has its own CRC. Takes milliseconds, and about a second per ten gigabytes of backlog.
 *
 * Throws LOG_DAMAGED, only for faults that hold while nobody commits: a file under constant writes by another process counts as sound. A folder
 * without a data file, or with an empty one, is a new log.
 */
export function checkEnvironment (path: string): void {
  const data = join(path, 'data.mdb')
  const file = openForReading(data)
  if (file === undefined) return
  try {
    if (fstatSync(file).size === 0) return
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const fault = lastingFault(file)
      if (fault === undefined) return
      if (fault !== passing) throw damaged(data, fault)
    }
  } finally {
    closeSync(file)
  }
}

function openForReading (path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function damaged (file: string, finding: string): AppError {
  return new AppError(logErrors.LOG_DAMAGED, `expected ${file} as LMDB left it, got ${finding}; restore the folder from a back-up, or move it away to begin with an empty log (docs/operations.md, "The log is damaged", says what that costs)`)
}

/** A fault that a concurrent commit of another process may explain. */
const passing = Symbol('passing')

/** The first fault of the file; undefined for a sound one. */
function lastingFault (file: number): string | typeof passing | undefined {
  const before = readMetas(file)
  const fault = typeof before === 'string' ? before : faultOf(file, before)
  if (fault === undefined) return undefined
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs)
  return isSame(before, readMetas(file)) ? fault : passing
}

function isSame (before: Meta | string, after: Meta | string): boolean {
  return typeof before === 'string' ? before === after : typeof after !== 'string' && before.transaction === after.transaction
}

/** The meta page of the last transaction, or a fault. Transactions alternate between two meta pages, so both are sound and one apart. */
function readMetas (file: number): Meta | string {
  const first = readMeta(file, 0)
  if (first === undefined) return 'no meta page at its beginning'
  const second = readMeta(file, first.pageBytes)
  if (second?.pageBytes !== first.pageBytes) return 'no second meta page'
  const apart = Math.abs(first.transaction - second.transaction)
  if (apart > 1 || (apart === 0 && first.transaction !== 0)) return `meta pages of transactions ${first.transaction} and ${second.transaction}, which do not follow one another`
  return first.transaction > second.transaction ? first : second
}

/** The first fault of the trees; undefined for sound ones. */
function faultOf (file: number, meta: Meta): string | undefined {
  try {
    const live = new PageSet(meta.lastPage, fstatSync(file).size / meta.pageBytes)
    const [freeRoot, mainRoot] = meta.roots
    const freeEntries = [...walk(file, meta, freeRoot, live)]
    const databases = [...walk(file, meta, mainRoot, live)]
    // the state database exists from the first transaction on
    if (databases.length > 0 && !databases.some(({ key }) => key.includes('state'))) throw new Fault('no database of its state')
    for (const tree of databases.flatMap(({ tree }) => tree ?? [])) walkAll(file, meta, tree, live)
    for (const entry of freeEntries) requireFree(file, meta, entry, live)
    return undefined
  } catch (error) {
    if (error instanceof Fault) return error.message
    throw error
  }
}

class Fault extends Error {}

/** The entries of one tree, in order of their keys; adds its pages to `live`. */
function * walk (file: number, meta: Meta, root: number | undefined, live: PageSet): Generator<LeafEntry> {
  const waiting = root === undefined ? [] : [root]
  let before: Buffer | undefined
  for (;;) {
    const number = waiting.pop()
    if (number === undefined) return
    live.add(number, 1)
    const page = soundPage(file, meta, number)
    if (page.kind === pageKinds.branch) {
      const children = childrenOf(page)
      if (children === undefined || children.length === 0) throw new Fault(`a broken branch page ${number}`)
      waiting.push(...children.toReversed())
      continue
    }
    const entries = page.kind === pageKinds.leaf ? entriesOf(page) : undefined
    if (entries === undefined) throw new Fault(`a broken leaf page ${number}`)
    for (const entry of entries) {
      if (before !== undefined && !isOrdered(before, entry.key, root === meta.roots[0])) throw new Fault(`keys out of order on page ${number}`)
      before = entry.key
      if (entry.overflow !== undefined) requireOverflow(file, meta, entry.overflow, live)
      yield entry
    }
  }
}

/** Skips values: each record batch has its own CRC. */
function walkAll (file: number, meta: Meta, root: number, live: PageSet): void {
  const entries = walk(file, meta, root, live)
  while (entries.next().done !== true);
}

/** Free-list keys are transaction numbers; all others compare byte by byte. */
function isOrdered (before: Buffer, key: Buffer, areNumbers: boolean): boolean {
  if (!areNumbers) return Buffer.compare(before, key) < 0
  return before.length === 8 && key.length === 8 && before.readBigUInt64LE() < key.readBigUInt64LE()
}

function soundPage (file: number, meta: Meta, number: number): Page {
  const page = readPage(file, number, meta.pageBytes)
  if (page === undefined) throw new Fault(`its end before page ${number} of ${meta.lastPage}`)
  if (page.number !== number || page.transaction > meta.transaction) throw new Fault(`another page in the place of page ${number}`)
  return page
}

function requireOverflow (file: number, meta: Meta, { page: number, pages, valueBytes }: NonNullable<LeafEntry['overflow']>, live: PageSet): void {
  const page = soundPage(file, meta, number)
  // the header of the first page comes before the value
  if (page.kind !== pageKinds.overflow || page.pages !== pages || pages * meta.pageBytes < valueBytes + 24) throw new Fault(`a broken overflow page ${number}`)
  live.add(number, pages)
  if (fstatSync(file).size < (number + pages) * meta.pageBytes) throw new Fault(`its end before page ${number + pages} of ${meta.lastPage}`)
}

/** Pages on the free list must be unused, or LMDB would overwrite live data. */
function requireFree (file: number, meta: Meta, entry: LeafEntry, live: PageSet): void {
  const list = valueOf(file, meta, entry)
  const count = list.length < 8 ? -1 : Number(list.readBigInt64LE(0))
  if (count < 0 || (count + 1) * 8 > list.length) throw new Fault('a broken list of free pages')
  // a page number; or a negative count, followed by the first page number
  for (let index = 1; index <= count; index++) {
    const found = Number(list.readBigInt64LE(8 * index))
    if (found === 0) continue
    const first = found > 0 ? found : index < count ? Number(list.readBigInt64LE(8 * ++index)) : -1
    live.add(first, found > 0 ? 1 : -found)
  }
}

function valueOf (file: number, meta: Meta, { value, overflow }: LeafEntry): Buffer {
  if (value !== undefined || overflow === undefined) return value ?? Buffer.alloc(0)
  const bytes = Buffer.alloc(overflow.valueBytes)
  readSync(file, bytes, 0, bytes.length, overflow.page * meta.pageBytes + 24)
  return bytes
}

/** Pages in use: each at most once. */
class PageSet {
  readonly #lastPage: number
  readonly #taken: Uint8Array

  /** The last pages may never have been written, if the transaction that would have written them freed them. */
  constructor (lastPage: number, filePages: number) {
    this.#lastPage = lastPage
    // a damaged page number must not cause a huge allocation
    if (lastPage > 2 * filePages + 100_000) throw new Fault(`${filePages} pages, of ${lastPage}`)
    this.#taken = new Uint8Array(lastPage + 1)
  }

  add (first: number, count: number): void {
    if (!(first >= 2 && count >= 1 && first + count - 1 <= this.#lastPage)) throw new Fault(`pages ${first} to ${first + count - 1}, of ${this.#lastPage}`)
    for (let page = first; page < first + count; page++) {
      if (this.#taken[page] === 1) throw new Fault(`page ${page} in two places`)
      this.#taken[page] = 1
    }
  }
}
