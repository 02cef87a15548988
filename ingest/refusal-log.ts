import type { AppError } from '../runtime/errors.ts'
import type { Logger } from '../runtime/logger.ts'

const periodMs = 10_000

/** Logs refusals as one line per source and code in a period: a flood of bad requests must not become a flood of lines. */
export interface RefusalLog {
  note (source: string, error: AppError): void
  close (): void
}

interface Refusals { readonly source: string, last: AppError, count: number }

export function createRefusalLog (logger: Logger): RefusalLog {
  const noted = new Map<string, Refusals>()
  let timer: NodeJS.Timeout | undefined

  function flush (): void {
    clearTimeout(timer)
    timer = undefined
    for (const { source, last, count } of noted.values()) {
      const fields = { source, code: last.code, count, err: last }
      if (last.code === 'INTERNAL') logger.error(fields, 'webhooks failed')
      else logger.warn(fields, 'webhooks refused')
    }
    noted.clear()
  }

  return {
    note (source, error) {
      const key = `${source} ${error.code}`
      const refusals = noted.get(key)
      if (refusals === undefined) noted.set(key, { source, last: error, count: 1 })
      else {
        refusals.last = error
        refusals.count++
      }
      timer ??= setTimeout(flush, periodMs).unref()
    },
    close: flush
  }
}
