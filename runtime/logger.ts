import { pino, type Logger } from 'pino'
import { AppError } from './errors.ts'
import type { Settings } from './settings.ts'

export type { Logger }

/** JSON lines on standard output. Messages are constant, values are fields; payloads and credentials never are. */
export function createLogger (level: Settings['LOG_LEVEL']): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError } })
}

/** An error as fields: its code and the codes and messages of what caused it. Driver errors may carry rows, so nothing else is kept. */
export function describeError (error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) }
  const code: unknown = 'code' in error ? error.code : undefined
  return {
    type: error.name,
    ...(code === undefined ? {} : { code }),
    message: error.message.slice(0, 1000),
    ...(error instanceof AppError ? error.fields : {}),
    ...(error instanceof AppError || error.stack === undefined ? {} : { stack: error.stack.slice(0, 4000) }),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) })
  }
}
