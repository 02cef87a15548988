import type { FastifyRequest } from 'fastify'
import { AppError, errorCodes, type ErrorCode } from '../runtime/errors.ts'

/** What a sender is told of a fault that is not its own. The error's own message is for the log: it may name paths and hosts. */
const ownFaults: Partial<Record<ErrorCode, string>> = {
  LOG_UNAVAILABLE: 'the webhook could not be stored; send it again later',
  LOG_BACKLOG_FULL: 'too much waits to be processed; send it again later',
  LOG_DISK_FULL: 'there is no room to store the webhook; send it again later',
  BODIES_OVER_BUDGET: 'too many large webhooks are under way; send it again later',
  SHUTTING_DOWN: 'this server is shutting down; send it again'
}

const retryAfterSeconds: Partial<Record<ErrorCode, number>> = { LOG_UNAVAILABLE: 5, LOG_BACKLOG_FULL: 30, LOG_DISK_FULL: 30, BODIES_OVER_BUDGET: 5, SHUTTING_DOWN: 5 }

export interface ErrorReply {
  readonly status: number
  readonly retryAfter: number | undefined
  readonly body: string
}

/** The answer to an error. A code that no sender can cause is answered as INTERNAL. */
export function errorReply (error: AppError): ErrorReply {
  const declared = errorCodes[error.code]
  const code: ErrorCode = 'status' in declared ? error.code : 'INTERNAL'
  const status = 'status' in declared ? declared.status : errorCodes.INTERNAL.status
  const message = status < 500 ? error.message : ownFaults[code] ?? 'something failed here; send it again later'
  return { status, retryAfter: retryAfterSeconds[code], body: JSON.stringify({ error: { code, message } }) }
}

/** What fastify and Node report, in codes of the table. What nobody thought of is INTERNAL. */
export function toAppError (error: unknown, request: FastifyRequest): AppError {
  if (error instanceof AppError) return error
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new AppError('BODY_TOO_LARGE', `expected a body of at most ${request.routeOptions.bodyLimit} bytes, got more`, { cause: error })
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new AppError('CONTENT_TYPE_UNSUPPORTED', 'expected a content-type of this route, got another', { cause: error })
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new AppError('BODY_MALFORMED', 'expected a body as long as content-length says, got another length', { cause: error })
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new AppError('ROUTE_UNKNOWN', 'expected the URL of a route, got another', { cause: error })
    case 'ECONNRESET':
      return new AppError('REQUEST_TIMEOUT', 'expected the whole body, got a connection that ended before', { cause: error })
    default:
      return new AppError('INTERNAL', 'an unexpected failure while a webhook was taken', { cause: error })
  }
}
