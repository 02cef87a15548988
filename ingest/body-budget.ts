import type { ServerResponse } from 'node:http'
import { AppError } from '../runtime/errors.ts'
import { ingestErrors } from './ingest-errors.ts'

/** Bytes that the bodies of all requests under way may take together. */
export interface BodyBudget {
  /** Holds this many bytes until the request is answered or its connection has ended. Throws BODIES_OVER_BUDGET where they are not left. */
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
      // comes after the answer, and without one where the connection ends
      response.once('close', () => { reserved -= bytes })
    }
  }
}
