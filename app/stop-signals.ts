import type { Logger } from '../runtime/logger.ts'

export interface Stop {
  /** Aborted at the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal
  readonly stopped: Promise<void>
  /** Also stops in good order, with exit code 1: a part of this process failed for good, and its supervisor must start another. */
  readonly giveUp: (err: Error) => void
}

/** The first signal stops in good order, a second one ends the process at once. Neither loses accepted webhooks. */
export function untilToldToStop (logger: Logger): Stop {
  const controller = new AbortController()
  const stopped = new Promise<void>((resolve) => { controller.signal.addEventListener('abort', () => { resolve() }) })
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130)
      logger.info({ signal: name }, 'stopping')
      controller.abort()
    })
  }
  return {
    signal: controller.signal,
    stopped,
    giveUp (err) {
      process.exitCode = 1
      if (controller.signal.aborted) return
      logger.fatal({ err }, 'this process must end; nothing accepted is lost, restart it')
      controller.abort()
    }
  }
}
