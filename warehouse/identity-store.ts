/**
 * How an identifier (`email:`, `mobile:` or `nector:` and an id or hash) leads to its customer. `direct`: it was seen with one customer id of the shop. `ambiguous`: with several, or with more
 * identifiers than a person has, so it ties nobody. `connected`: with none, so it leads where those lead that it was seen with.
 */
export type Resolution = 'direct' | 'ambiguous' | 'connected'

export interface IdentityKey {
  readonly identifier: string
  readonly customerKey: string
  readonly resolution: Resolution
  /** Epoch milliseconds, greater than that of the row before it: the latest counts. */
  readonly updatedAt: number
}

/** Of how many kinds an identifier was seen with which others. */
export interface Companions {
  readonly identifier: string
  /** `customer:` and an id: at most two of them. */
  readonly customers: readonly string[]
  readonly others: number
}

/** What was seen together, and where each identifier leads. All of one business. Reading and writing reject as `classifyClickHouseError` says. */
export interface IdentityStore {
  companions (business: string, identifiers: readonly string[]): Promise<readonly Companions[]>
  /** The identifiers other than customer ids that any of these was seen with, as pairs. */
  pairs (business: string, identifiers: readonly string[]): Promise<ReadonlyArray<readonly [identifier: string, other: string]>>
  /** As they stand now; without those that were never worked out. */
  keys (business: string, identifiers: readonly string[]): Promise<readonly IdentityKey[]>
  /** Resolves when they are durable. */
  save (business: string, keys: readonly IdentityKey[]): Promise<void>
  /** The clock of the warehouse, epoch milliseconds. */
  now (): Promise<number>
}
