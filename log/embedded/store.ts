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
  /** Group offsets, topic ends, and the sequence. */
  readonly state: Database<Buffer, string[]>
}

/** Every write transaction requires the sequence it was planned on and increments it: a concurrent commit of another process voids it. */
export const sequenceKey = ['sequence']
export const positionKey = (topic: string, group: string) => ['position', topic, group]
/** The next offset of a topic: offsets never go back, even when every record batch is gone, and missing record batches are noticed. */
export const endKey = (topic: string) => ['end', topic]

/** Virtual address space, not disk; LMDB grows it as needed. */
const initialMapBytes = 1024 ** 3

/** Personal data: readable by the owner only. */
export async function makePrivateFolder (path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
}

/** `path` is an existing folder. Rejects with LOG_DAMAGED if it holds an unsound environment. */
export async function openStore (path: string, topics: readonly string[], backlogLimitBytes: number): Promise<Store> {
  checkEnvironment(path)
  const options: RootDatabaseOptionsWithPath & { readonly permissionsMode: number } = {
    path,
    noSubdir: false,
    permissionsMode: 0o600,
    encoding: 'binary',
    maxDbs: topics.length + 64,
    mapSize: Math.max(initialMapBytes, 2 * Math.ceil(backlogLimitBytes / 4096) * 4096),
    // With it, LMDB shows a transaction to readers before the flush. Without it, visible means durable for every process,
    // and it measured no slower: group commit already gathers concurrent writes.
    overlappingSync: false,
    // With it, lmdb wraps each turn's writes in a block of its own, whose rejection after a failed commit nobody can
    // handle: it would end the process.
    eventTurnBatching: false
  }
  const root = open(options)
  try {
    const state = root.openDB<Buffer, string[]>('state', { encoding: 'binary', useVersions: true })
    const recordBatches = new Map(topics.map(topic => [topic, root.openDB<Buffer, number>(`topic/${topic}`, { encoding: 'binary' })]))
    // A process killed during its last commit may have left it in the page cache only. This flush makes durable
    // what is visible, and proves that the environment is writable.
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

/** Offsets and ends are integers up to 2^53; their CRC is seeded with their key. */
export function putOffset (store: Store, key: string[], offset: number): Promise<boolean> {
  const value = Buffer.alloc(12)
  value.writeDoubleLE(offset)
  value.writeUInt32LE(checksum(key, value), 8)
  return store.state.put(key, value, 0)
}

/** Undefined if absent. Throws LOG_DAMAGED if the checksum fails. */
export function readOffset (store: Store, key: string[]): number | undefined {
  const value = store.state.getBinary(key)
  if (value === undefined) return undefined
  if (value.length !== 12 || value.readUInt32LE(8) !== checksum(key, value)) throw new AppError(logErrors.LOG_DAMAGED, `expected an offset of the log under ${key.join(' ')}, got ${value.length} damaged bytes`)
  return value.readDoubleLE(0)
}

function checksum (key: readonly string[], value: Buffer): number {
  return crc32(value.subarray(0, 8), crc32(JSON.stringify(key)))
}

/** A single write inside a transaction has no outcome of its own: the transaction's promise reports for all. */
export function part (_write: Promise<boolean>): void {}
