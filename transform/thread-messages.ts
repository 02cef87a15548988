import type { BusinessConfig } from '../config/businesses.ts'
import type { ErrorKind } from '../runtime/errors.ts'
import type { PackedRecords, PackedValues } from './packed-records.ts'
import type { TransformCounts } from './transform-metrics.ts'

/** Start parameters of the thread. */
export interface ThreadStart {
  readonly businesses: readonly BusinessConfig[]
  /** Three integers: job, index of the raw record in work, and a counter of events. Readable after the thread's death. */
  readonly progress: SharedArrayBuffer
}

/** Messages to the thread. A job is a batch; after each piece the thread waits for `next`. */
export type ThreadRequest =
  | { readonly kind: 'job', readonly job: number, readonly topic: string, readonly partition: number, readonly offsets: Float64Array, readonly timestamps: Float64Array, readonly values: PackedValues, readonly setAside: readonly number[], readonly skipped: readonly number[] }
  | { readonly kind: 'next' | 'drop', readonly job: number }

/** Messages from the thread. */
export type ThreadAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'piece', readonly job: number, readonly packed: PackedRecords, readonly counts: TransformCounts }
  | { readonly kind: 'done', readonly job: number }
  | { readonly kind: 'failed', readonly job: number, readonly error: ErrorKind, readonly message: string }
