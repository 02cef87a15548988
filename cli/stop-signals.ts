import type { Logger } from '../runtime/logger.ts'

export interface Stop {
  /** Aborted at the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal
  readonly stopped: Promise<void>
}

/** The first signal asks for a stop in good order, a second one ends the process at once. Nothing accepted is lost by either. */
export function untilToldToStop (logger: Logger): Stop {
  const controller = new AbortController()
  const stopped = new Promise<void>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        if (controller.signal.aborted) process.exit(130)
        logger.info({ signal: name }, 'stopping')
        controller.abort()
        resolve()
      })
    }
  })
  return { signal: controller.signal, stopped }
}
