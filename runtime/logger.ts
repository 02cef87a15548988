import { pino, type Logger } from 'pino'
import { AppError } from './errors.ts'

export type { Logger }

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = typeof logLevels[number]

/** JSON lines on standard error. Messages are constant, values are fields; payloads and credentials never are. */
export function createLogger (level: LogLevel): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError } }, pino.destination(2))
}

/**
 * An error as log fields. Our messages name no payload and are kept; so is an INTERNAL error's, with its stack. The message of a
 * cause may quote rows or bodies, so only its type and code are kept.
 */
export function describeError (error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) }
  return {
    ...typeAndCode(error),
    message: error.message.slice(0, 1000),
    ...(error instanceof AppError ? error.fields : { stack: error.stack?.slice(0, 4000) }),
    ...(error.cause === undefined ? {} : { cause: describeCause(error.cause) })
  }
}

function describeCause (cause: unknown): Record<string, unknown> {
  if (cause instanceof AppError) return describeError(cause)
  if (!(cause instanceof Error)) return {}
  return { ...typeAndCode(cause), ...(cause.cause === undefined ? {} : { cause: describeCause(cause.cause) }) }
}

function typeAndCode (error: Error): Record<string, unknown> {
  return { type: error.name, ...('code' in error ? { code: error.code } : {}) }
}
