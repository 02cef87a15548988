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
 * Retries an insert for ever while its failure is transient, with back-off: the same block under the same token, so
 * that a lost response does not load rows twice. Ends early only if the batch is no longer ours.
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
          // the loop condition sees an aborted pause
          await pause(backoffMs(backoff, attempt), signal)
        }
      }
    }
  }
}
