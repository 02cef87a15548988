import type { Logger } from '../runtime/logger.ts'

/** Closes resources in reverse order; every closer runs, even if one fails or takes too long. */
export interface Closers {
  add (name: string, close: () => Promise<void>): void
  /** Resolves to whether all closed in good order. Later calls await the first. */
  closeAll (): Promise<boolean>
}

/** `deadlineMs` is the time limit of each closer. */
export function createClosers (logger: Logger, deadlineMs: number): Closers {
  const closers: Array<{ readonly name: string, readonly close: () => Promise<void> }> = []
  let closing: Promise<boolean> | undefined

  async function run (): Promise<boolean> {
    let clean = true
    for (const { name, close } of closers.toReversed()) {
      try {
        await withDeadline(close())
      } catch (err) {
        clean = false
        logger.error({ err, part: name }, 'could not close in good order')
      }
    }
    return clean
  }

  async function withDeadline (work: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const deadline = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => { reject(new Error(`expected it to close within ${deadlineMs} ms`)) }, deadlineMs)
    })
    try {
      await Promise.race([work, deadline])
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    add (name, close) { closers.push({ name, close }) },
    closeAll () {
      closing ??= run()
      return closing
    }
  }
}
