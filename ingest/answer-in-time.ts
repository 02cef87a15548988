import { AppError } from '../runtime/errors.ts'
import { logErrors } from '../log/log-errors.ts'

/**
 * Waits for the log at most this long, then rejects with LOG_UNAVAILABLE. The append may still succeed: the sender will
 * retry, and the repetition changes no figure. Any other failure of the log becomes LOG_UNAVAILABLE too.
 */
export async function answerInTime (work: Promise<void>, deadlineMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  try {
    await Promise.race([work, new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => { reject(new AppError(logErrors.LOG_UNAVAILABLE, `expected the log to answer within ${deadlineMs} ms, got no answer`)) }, deadlineMs)
    })])
  } catch (error) {
    throw error instanceof AppError ? error : new AppError(logErrors.LOG_UNAVAILABLE, 'the log failed', { cause: error })
  } finally {
    clearTimeout(timer)
  }
}
