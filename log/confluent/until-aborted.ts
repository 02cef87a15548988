/** The work's outcome, unless the signal is aborted before: then it rejects with the signal's reason, and the work runs out unheeded. */
export async function untilAborted<T> (work: Promise<T>, signal: AbortSignal): Promise<T> {
  // unheeded, its failure must not count as one that nobody caught
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
