import { AppError } from '../../runtime/errors.ts'
import type { CommitQueue } from './commit-queue.ts'
import { logErrors } from '../log-errors.ts'

/** A function that throws LOG_BACKLOG_FULL while the log holds this many bytes or more. */
export function backlogLimit (queue: CommitQueue, limitBytes: number): () => void {
  return () => {
    if (queue.heldBytes < limitBytes) return
    // A process that only takes in learns of its own appends alone: the backlog may be drained by another since.
    queue.refresh()
    const held = queue.heldBytes
    if (held >= limitBytes) throw new AppError(logErrors.LOG_BACKLOG_FULL, `expected less than ${limitBytes} bytes in the log, got ${held}`)
  }
}
