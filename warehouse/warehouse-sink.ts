import type { Readable } from 'node:stream'

/** Rows of one table in one insert. */
export interface InsertBlock {
  /** Table in `landing`. */
  readonly table: string
  readonly columns: readonly string[]
  /** Names the content: a repetition of the same block under the same token adds nothing. */
  readonly token: string
  readonly rows: number
  /** An Avro object container. A stream can be read once, so every attempt asks for a new one. */
  readonly container: () => Readable
}

/**
 * Puts rows into the warehouse. May be called concurrently.
 */
export interface WarehouseSink {
  /**
   * Resolves when the rows are durably in the table. Rejects with WAREHOUSE_UNAVAILABLE (the rows may or may not be there;
   * the caller repeats the same block under the same token) or WAREHOUSE_REFUSED_DATA (none is there, and a repetition
   * would be refused again).
   */
  insert (block: InsertBlock, signal: AbortSignal): Promise<void>
}
