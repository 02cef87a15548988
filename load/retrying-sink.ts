import { AppError, isRetryable } from '../runtime/errors.ts'
import { backoffMs, type Backoff } from '../runtime/backoff.ts'
import { pause } from '../runtime/pause.ts'
import type { InsertBlock, WarehouseSink } from '../warehouse/warehouse-sink.ts'
import { runtimeErrors } from '../runtime/runtime-errors.ts'

export interface RetryOptions {
  readonly backoff: Backoff
  readonly onRetry: (error: unknown, block: InsertBlock, attempt: number) => void
}

/**
 * Repeats an insert for ever while its failure is transient, with growing delays: the same block under the same token, so
 * that a lost answer does not load rows twice. Ends early only where the batch is no longer ours.
 */
export function retryingSink (sink: WarehouseSink, { backoff, onRetry }: RetryOptions): WarehouseSink {
  return {
    async insert (block, signal) {
      for (let attempt = 1; ; attempt++) {
        try {
          signal.throwIfAborted()
          await sink.insert(block, signal)
          return
        } catch (error) {
          if (signal.aborted) throw new AppError(runtimeErrors.SHUTTING_DOWN, 'the insert was given up, as its batch is no longer ours', { cause: error })
          if (!isRetryable(error)) throw error
          onRetry(error, block, attempt)
          // An aborted delay is seen at the head of the loop.
          await pause(backoffMs(backoff, attempt), signal)
        }
      }
    }
  }
}
