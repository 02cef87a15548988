import { AppError, isRetryable } from '../runtime/errors.ts'
import { pause } from '../runtime/pause.ts'
import type { InsertBlock, WarehouseSink } from '../warehouse/warehouse-sink.ts'
import { runtimeErrors } from '../runtime/runtime-errors.ts'

export interface RetryOptions {
  readonly firstDelayMs: number
  readonly longestDelayMs: number
  readonly onRetry: (error: unknown, block: InsertBlock, attempt: number) => void
}

/**
 * Repeats an insert for ever while its failure is transient, with growing delays: the same block under the same token, so
 * that a lost answer does not load rows twice. Ends early only where the batch is no longer ours.
 */
export function retryingSink (sink: WarehouseSink, { firstDelayMs, longestDelayMs, onRetry }: RetryOptions): WarehouseSink {
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
          const longest = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempt - 1, 20))
          // An aborted delay is seen at the head of the loop.
          await pause(longest * (0.5 + Math.random() / 2), signal)
        }
      }
    }
  }
}
