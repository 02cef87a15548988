import { AppError } from '../../runtime/errors.ts'
import { logErrors } from '../log-errors.ts'

/**
 * The error for callers of a failed commit. lmdb rejects with a general error and reports the cause in a second promise,
 * which would end the process if it stayed unhandled.
 */
export async function commitFailure (error: unknown): Promise<AppError> {
  if (error instanceof AppError) return error
  const cause = await Promise.race([reasonOf(error), new Promise(resolve => setImmediate(resolve, error))])
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new AppError(logErrors.LOG_UNAVAILABLE, `expected the log on disk to take a write, got: ${reason}`, { cause })
}

function reasonOf (error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return Promise.resolve(error)
  return Promise.resolve(error.commitError).then(() => error, (reason: unknown) => reason)
}

/** False when the promise is still pending after the time. */
export async function settlesWithin (promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>(resolve => { timer = setTimeout(resolve, ms, false) })
  const settled = promise.then(() => true, () => true)
  try {
    return await Promise.race([settled, late])
  } finally {
    clearTimeout(timer)
  }
}
