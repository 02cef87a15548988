import { readSync } from 'node:fs'

/**
 * LMDB's data file format, as far as the soundness check needs it (lmdb 3.5, mdb.c: MDB_page_header, MDB_meta, MDB_db,
 * MDB_node, MDB_ovpage; 64 bits, little endian). A page begins with its number, the transaction that wrote it, and its flags.
 */
const pageHeaderBytes = 24
const metaBytes = 168
const magic = 0xbeefc0de
const dataVersion = 2
/** The root of an empty tree. */
const noPage = 0xffff_ffff_ffff_ffffn

export const pageKinds = { branch: 0x01, leaf: 0x02, overflow: 0x04, meta: 0x08 } as const
const nodeKinds = { overflow: 0x01, tree: 0x02 } as const

export interface Meta {
  readonly pageBytes: number
  readonly transaction: number
  readonly lastPage: number
  /** Root pages of the free list and of the list of databases; undefined where that tree is empty. */
  readonly roots: ReadonlyArray<number | undefined>
}

/** The meta page at this position of the file; undefined if it is not sound. */
export function readMeta (file: number, position: number): Meta | undefined {
  const page = Buffer.alloc(metaBytes)
  if (readSync(file, page, 0, metaBytes, position) !== metaBytes) return undefined
  const pageBytes = page.readUInt32LE(48)
  const sound = (page.readUInt16LE(18) & pageKinds.meta) !== 0 && page.readUInt32LE(24) === magic && (page.readUInt32LE(28) & 0xffff) === dataVersion &&
    pageBytes >= 512 && pageBytes <= 65_536 && Number.isInteger(Math.log2(pageBytes))
  if (!sound) return undefined
  return { pageBytes, lastPage: pageNumber(page, 144), transaction: pageNumber(page, 152), roots: [rootOf(page, 48), rootOf(page, 96)] }
}

function pageNumber (bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at))
}

/** The root page that an MDB_db at this position names. */
function rootOf (bytes: Buffer, at: number): number | undefined {
  const root = bytes.readBigUInt64LE(at + 40)
  return root === noPage ? undefined : Number(root)
}

export interface Page {
  readonly number: number
  readonly transaction: number
  readonly kind: number
  /** Of an overflow page: the number of consecutive pages. */
  readonly pages: number
  readonly bytes: Buffer
}

/** Undefined if the file ends before it. */
export function readPage (file: number, number: number, pageBytes: number): Page | undefined {
  const bytes = Buffer.allocUnsafe(pageBytes)
  if (readSync(file, bytes, 0, pageBytes, number * pageBytes) !== pageBytes) return undefined
  return { number: pageNumber(bytes, 0), transaction: pageNumber(bytes, 8), kind: bytes.readUInt16LE(18), pages: bytes.readUInt32LE(20), bytes }
}

/** An entry of a leaf: its value, or the overflow pages that hold it. */
export interface LeafEntry {
  readonly key: Buffer
  readonly value: Buffer | undefined
  readonly overflow: { readonly page: number, readonly pages: number, readonly valueBytes: number } | undefined
  /** Root page of the tree that the entry names, if that tree has entries. */
  readonly tree: number | undefined
}

/** The child pages of a branch page; undefined if its bytes are out of bounds. */
export function childrenOf (page: Page): readonly number[] | undefined {
  const nodes = nodesOf(page)
  return nodes?.map(at => page.bytes.readUInt16LE(at) + page.bytes.readUInt16LE(at + 2) * 0x1_0000 + page.bytes.readUInt16LE(at + 4) * 0x1_0000_0000)
}

/** The entries of a leaf page; undefined if its bytes are out of bounds. */
export function entriesOf (page: Page): readonly LeafEntry[] | undefined {
  const nodes = nodesOf(page)
  if (nodes === undefined) return undefined
  const entries: LeafEntry[] = []
  for (const at of nodes) {
    const entry = entryAt(page.bytes, at)
    if (entry === undefined) return undefined
    entries.push(entry)
  }
  return entries
}

function entryAt (bytes: Buffer, at: number): LeafEntry | undefined {
  const size = bytes.readUInt16LE(at) + bytes.readUInt16LE(at + 2) * 0x1_0000
  const kind = bytes.readUInt16LE(at + 4)
  const valueAt = at + 8 + bytes.readUInt16LE(at + 6)
  const isOverflow = (kind & nodeKinds.overflow) !== 0
  const isTree = (kind & nodeKinds.tree) !== 0
  // the log uses no duplicate keys and no other flags
  if ((kind & ~(nodeKinds.overflow | nodeKinds.tree)) !== 0 || (isTree && size !== 48)) return undefined
  if (valueAt + (isOverflow ? 24 : size) > bytes.length) return undefined
  return {
    key: bytes.subarray(at + 8, valueAt),
    value: isOverflow ? undefined : bytes.subarray(valueAt, valueAt + size),
    overflow: isOverflow ? { page: pageNumber(bytes, valueAt), pages: pageNumber(bytes, valueAt + 16), valueBytes: size } : undefined,
    tree: isTree ? rootOf(bytes, valueAt) : undefined
  }
}

/** Positions of the nodes of a branch or leaf page; undefined if one is out of bounds. */
function nodesOf ({ bytes }: Page): readonly number[] | undefined {
  const lower = bytes.readUInt16LE(20) + pageHeaderBytes
  const upper = bytes.readUInt16LE(22) + pageHeaderBytes
  if (lower > upper || upper > bytes.length || lower % 2 !== 0) return undefined
  const nodes: number[] = []
  for (let at = pageHeaderBytes; at < lower; at += 2) {
    const node = bytes.readUInt16LE(at) + pageHeaderBytes
    if (node < upper || node + 8 > bytes.length || node + 8 + bytes.readUInt16LE(node + 6) > bytes.length) return undefined
    nodes.push(node)
  }
  return nodes
}
