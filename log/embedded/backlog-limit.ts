import { AppError } from '../../runtime/errors.ts'
import type { CommitQueue } from './commit-queue.ts'
import { logErrors } from '../log-errors.ts'

/** A function that throws LOG_BACKLOG_FULL while the log holds at least this many bytes. */
export function backlogLimit (queue: CommitQueue, limitBytes: number): () => void {
  return () => {
    if (queue.heldBytes < limitBytes) return
    // An ingest-only process sees only its own appends: another process may have drained the backlog meanwhile.
    queue.refresh()
    const held = queue.heldBytes
    if (held >= limitBytes) throw new AppError(logErrors.LOG_BACKLOG_FULL, `expected less than ${limitBytes} bytes in the log, got ${held}`)
  }
}
