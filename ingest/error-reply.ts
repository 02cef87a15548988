import type { FastifyRequest } from 'fastify'
import { AppError, isError, type ErrorKind } from '../runtime/errors.ts'
import { logErrors } from '../log/log-errors.ts'
import { ingestErrors } from './ingest-errors.ts'
import { runtimeErrors } from '../runtime/runtime-errors.ts'
import { vendorErrors } from '../vendors/vendor-errors.ts'

/** The message for faults on our side. The error's own message is for the log: it may name paths and hosts. */
const ownFaults: ReadonlyArray<{ readonly kind: ErrorKind, readonly words: string, readonly retryAfter: number }> = [
  { kind: logErrors.LOG_UNAVAILABLE, words: 'the webhook could not be stored; send it again later', retryAfter: 5 },
  { kind: logErrors.LOG_BACKLOG_FULL, words: 'too much waits to be processed; send it again later', retryAfter: 30 },
  { kind: logErrors.LOG_DISK_FULL, words: 'there is no room to store the webhook; send it again later', retryAfter: 30 },
  { kind: ingestErrors.BODIES_OVER_BUDGET, words: 'too many large webhooks are under way; send it again later', retryAfter: 5 },
  { kind: runtimeErrors.SHUTTING_DOWN, words: 'this server is shutting down; send it again', retryAfter: 5 }
]

export interface ErrorReply {
  readonly status: number
  readonly retryAfter: number | undefined
  readonly body: string
}

/** The response to an error. A code without a status is answered as INTERNAL. */
export function errorReply (error: AppError): ErrorReply {
  const { code, status = 500 } = error.kind.status === undefined ? runtimeErrors.INTERNAL : error.kind
  const fault = ownFaults.find(({ kind }) => isError(error, kind))
  const message = status < 500 ? error.message : fault?.words ?? 'something failed here; send it again later'
  return { status, retryAfter: fault?.retryAfter, body: JSON.stringify({ error: { code, message } }) }
}

/** Maps errors of fastify and Node to declared ones; unknown ones to INTERNAL. */
export function toAppError (error: unknown, request: FastifyRequest): AppError {
  if (error instanceof AppError) return error
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new AppError(ingestErrors.BODY_TOO_LARGE, `expected a body of at most ${request.routeOptions.bodyLimit} bytes, got more`, { cause: error })
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new AppError(ingestErrors.CONTENT_TYPE_UNSUPPORTED, 'expected a content-type of this route, got another', { cause: error })
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new AppError(vendorErrors.BODY_MALFORMED, 'expected a body as long as content-length says, got another length', { cause: error })
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new AppError(runtimeErrors.ROUTE_UNKNOWN, 'expected the URL of a route, got another', { cause: error })
    case 'ECONNRESET':
      return new AppError(ingestErrors.REQUEST_TIMEOUT, 'expected the whole body, got a connection that ended before', { cause: error })
    default:
      return new AppError(runtimeErrors.INTERNAL, 'an unexpected failure while a webhook was taken', { cause: error })
  }
}
