import { mkdir } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { open, type Database, type RootDatabase, type RootDatabaseOptionsWithPath } from 'lmdb'
import { AppError } from '../../runtime/errors.ts'
import { checkEnvironment } from './check-environment.ts'
import { logErrors } from '../log-errors.ts'

/** The LMDB environment: one database of record batches a topic, and one for the log's own state. */
export interface Store {
  readonly root: RootDatabase
  /** Record batches by the offset of their first record. */
  readonly recordBatches: ReadonlyMap<string, Database<Buffer, number>>
  /** Group positions, the ends of topics, and the sequence. */
  readonly state: Database<Buffer, string[]>
}

/** Every write transaction requires the sequence it was planned on and raises it: what another process wrote in between voids it. */
export const sequenceKey = ['sequence']
export const positionKey = (topic: string, group: string) => ['position', topic, group]
/** Where the next record goes: offsets never go back, though all record batches may be gone, and record batches that are missing are noticed. */
export const endKey = (topic: string) => ['end', topic]

/** Virtual address space, not disk; LMDB grows it when it is too small. */
const initialMapBytes = 1024 ** 3

/** Personal data: nobody but the owner reads it. */
export async function makePrivateFolder (path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
}

/** `path` is a folder that exists. Rejects with LOG_DAMAGED where what is in it is no sound environment. */
export async function openStore (path: string, topics: readonly string[], backlogLimitBytes: number): Promise<Store> {
  checkEnvironment(path)
  const options: RootDatabaseOptionsWithPath & { readonly permissionsMode: number } = {
    path,
    noSubdir: false,
    permissionsMode: 0o600,
    encoding: 'binary',
    maxDbs: topics.length + 64,
    mapSize: Math.max(initialMapBytes, 2 * Math.ceil(backlogLimitBytes / 4096) * 4096),
    // With it, LMDB shows a transaction to readers before the flush. Without it, visible means durable, to every process,
    // and measured here it is no slower: one transaction at a time already gathers all that waits.
    overlappingSync: false,
    // With it, lmdb opens a block of its own around each turn's writes, and its rejection after a failed commit is nobody's to
    // handle: it would end the process.
    eventTurnBatching: false
  }
  const root = open(options)
  try {
    const state = root.openDB<Buffer, string[]>('state', { encoding: 'binary', useVersions: true })
    const recordBatches = new Map(topics.map(topic => [topic, root.openDB<Buffer, number>(`topic/${topic}`, { encoding: 'binary' })]))
    // A process killed inside its last commit may have left it in the page cache only. This flush makes durable
    // what is visible from the start, and proves that the environment can be written.
    await state.ifNoExists(sequenceKey, () => { part(state.put(sequenceKey, Buffer.alloc(1), 1)) })
    const store = { root, recordBatches, state }
    await advanceSequence(store)
    return store
  } catch (error) {
    await root.close()
    throw error
  }
}

export function readSequence (store: Store): number {
  const sequence = store.state.getEntry(sequenceKey)?.version ?? 0
  if (!Number.isSafeInteger(sequence)) throw new AppError(logErrors.LOG_DAMAGED, `expected the number of the last transaction of the log, got ${sequence}`)
  return sequence
}

async function advanceSequence (store: Store): Promise<void> {
  for (;;) {
    const sequence = readSequence(store)
    if (await store.state.ifVersion(sequenceKey, sequence, () => { putSequence(store, sequence + 1) })) return
    store.root.resetReadTxn()
  }
}

export function putSequence (store: Store, sequence: number): void {
  part(store.state.put(sequenceKey, Buffer.alloc(1), sequence))
}

/** Positions and ends are integers up to 2^53; their CRC is begun with their key. */
export function putOffset (store: Store, key: string[], offset: number): Promise<boolean> {
  const value = Buffer.alloc(12)
  value.writeDoubleLE(offset)
  value.writeUInt32LE(checksum(key, value), 8)
  return store.state.put(key, value, 0)
}

/** Undefined where there is none. Throws LOG_DAMAGED where its bytes are not those that were written. */
export function readOffset (store: Store, key: string[]): number | undefined {
  const value = store.state.getBinary(key)
  if (value === undefined) return undefined
  if (value.length !== 12 || value.readUInt32LE(8) !== checksum(key, value)) throw new AppError(logErrors.LOG_DAMAGED, `expected an offset of the log under ${key.join(' ')}, got ${value.length} damaged bytes`)
  return value.readDoubleLE(0)
}

function checksum (key: readonly string[], value: Buffer): number {
  return crc32(value.subarray(0, 8), crc32(JSON.stringify(key)))
}

/** Inside a transaction a single write has no outcome of its own: the transaction's promise tells for all of them. */
export function part (_write: Promise<boolean>): void {}
