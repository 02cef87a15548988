import type { ServerResponse } from 'node:http'
import { AppError } from '../runtime/errors.ts'
import { ingestErrors } from './ingest-errors.ts'

/** A budget in bytes for the bodies of all requests in flight. */
export interface BodyBudget {
  /** Reserves bytes until the response is sent or the connection closed. Throws BODIES_OVER_BUDGET if they are not available. */
  reserve (bytes: number, response: ServerResponse): void
  readonly reservedBytes: number
}

export function createBodyBudget (limitBytes: number): BodyBudget {
  let reserved = 0
  return {
    get reservedBytes () { return reserved },
    reserve (bytes, response) {
      if (reserved + bytes > limitBytes) {
        throw new AppError(ingestErrors.BODIES_OVER_BUDGET, `expected ${bytes} bytes of the ${limitBytes} for bodies under way to be free, got ${limitBytes - reserved}`)
      }
      reserved += bytes
      // emitted after the response, and also when the connection closes without one
      response.once('close', () => { reserved -= bytes })
    }
  }
}
