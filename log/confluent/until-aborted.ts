/** The outcome of the work, or a rejection with the signal's reason if that aborts first; the work then continues, its outcome ignored. */
export async function untilAborted<T> (work: Promise<T>, signal: AbortSignal): Promise<T> {
  // its outcome is ignored: a rejection must not count as unhandled
  work.catch(() => {})
  signal.throwIfAborted()
  let abort: () => void = () => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => { reject(signal.reason as Error) }
    signal.addEventListener('abort', abort)
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
