import type { BusinessConfig } from '../config/businesses.ts'
import type { ErrorKind } from '../runtime/errors.ts'
import type { PackedRecords, PackedValues } from './packed-records.ts'
import type { TransformCounts } from './transform-metrics.ts'

/** What the thread is started with. */
export interface ThreadStart {
  readonly businesses: readonly BusinessConfig[]
  /** Three integers: the job and the index of the raw record that are being worked on, and a number that grows with each event. Readable when the thread is dead. */
  readonly progress: SharedArrayBuffer
}

/** To the thread. A job is a batch; after each piece it waits for `next`. */
export type ThreadRequest =
  | { readonly kind: 'job', readonly job: number, readonly topic: string, readonly partition: number, readonly offsets: Float64Array, readonly timestamps: Float64Array, readonly values: PackedValues, readonly setAside: readonly number[], readonly skipped: readonly number[] }
  | { readonly kind: 'next' | 'drop', readonly job: number }

/** From the thread. */
export type ThreadAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'piece', readonly job: number, readonly packed: PackedRecords, readonly counts: TransformCounts }
  | { readonly kind: 'done', readonly job: number }
  | { readonly kind: 'failed', readonly job: number, readonly error: ErrorKind, readonly message: string }
