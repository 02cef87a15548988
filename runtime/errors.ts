/**
 * Every error code of the project, declared once. Behaviour is decided from the code, never from message text.
 * `retryable`: the same input may succeed later, so the caller waits and repeats; otherwise the input itself is at fault.
 * `status`: what an HTTP caller is answered.
 */
export const errorCodes = {
  // ingest: what a webhook sender is told
  BODY_MALFORMED: { retryable: false, status: 400 },
  NOT_AUTHENTIC: { retryable: false, status: 401 },
  ADDRESS_NOT_ALLOWED: { retryable: false, status: 403 },
  SOURCE_UNKNOWN: { retryable: false, status: 404 },
  ROUTE_UNKNOWN: { retryable: false, status: 404 },
  METHOD_NOT_ALLOWED: { retryable: false, status: 405 },
  REQUEST_TIMEOUT: { retryable: true, status: 408 },
  BODY_TOO_LARGE: { retryable: false, status: 413 },
  CONTENT_TYPE_UNSUPPORTED: { retryable: false, status: 415 },
  BODIES_OVER_BUDGET: { retryable: true, status: 503 },
  SHUTTING_DOWN: { retryable: true, status: 503 },

  // start: what a probe is told
  STARTING: { retryable: true },

  // log
  LOG_UNAVAILABLE: { retryable: true, status: 503 },
  LOG_BACKLOG_FULL: { retryable: true, status: 503 },
  LOG_DISK_FULL: { retryable: true, status: 503 },
  LOG_RECORD_TOO_LARGE: { retryable: false },
  LOG_STALLED: { retryable: false },
  LOG_DAMAGED: { retryable: false },

  // transform: why an event became a dead letter
  RAW_RECORD_UNREADABLE: { retryable: false },
  SOURCE_NOT_CONFIGURED: { retryable: false },
  PAYLOAD_MALFORMED: { retryable: false },
  PAYLOAD_TOO_DEEP: { retryable: false },
  EVENT_TOO_LARGE: { retryable: false },
  BATCH_TOO_LARGE: { retryable: false },
  TOPIC_MISSING: { retryable: false },
  FIELD_INVALID: { retryable: false },
  TRANSFORM_FAILED: { retryable: false },
  TRANSFORM_THREAD_LOST: { retryable: true },

  // load
  FRAME_MALFORMED: { retryable: false },
  RECORD_SKIPPED: { retryable: false },
  SCHEMA_UNKNOWN: { retryable: true },
  SCHEMA_ID_UNKNOWN: { retryable: false },
  SCHEMA_REGISTRY_UNAVAILABLE: { retryable: true },
  WAREHOUSE_REFUSED_DATA: { retryable: false },
  WAREHOUSE_UNAVAILABLE: { retryable: true, status: 503 },

  // dashboard: what the page is told
  HOST_NOT_ALLOWED: { retryable: false, status: 403 },
  QUERY_UNKNOWN: { retryable: false, status: 404 },
  QUERY_PARAMETERS_INVALID: { retryable: false, status: 400 },
  QUERY_LIMIT_EXCEEDED: { retryable: false, status: 503 },
  QUERY_FAILED: { retryable: false, status: 500 },
  READER_REFUSED: { retryable: false, status: 503 },
  VIEWS_MISSING: { retryable: true, status: 503 },

  // start-up: a person is needed
  CONFIG_INVALID: { retryable: false },
  LOG_ACCESS_REFUSED: { retryable: false },
  LOG_TOPIC_UNSUITABLE: { retryable: false },
  SCHEMA_INCOMPATIBLE: { retryable: false },
  WAREHOUSE_UNSUITABLE: { retryable: false },
  EMBEDDED_WAREHOUSE_UNSUPPORTED: { retryable: false },
  EMBEDDED_WAREHOUSE_FAILED: { retryable: true },
  MIGRATION_CHANGED: { retryable: false },
  MIGRATION_FAILED: { retryable: false },
  PORT_IN_USE: { retryable: false },

  // simulate: the ingest that it sends to
  TARGET_UNREACHABLE: { retryable: true },
  TARGET_REFUSED: { retryable: false },

  // anything nobody thought of: stops its partition and is tried again
  INTERNAL: { retryable: true, status: 500 }
} as const satisfies Record<string, { retryable: boolean, status?: number }>

export type ErrorCode = keyof typeof errorCodes

export interface AppErrorOptions {
  readonly cause?: unknown
  /** Fields for the log: never payloads, never credentials. */
  readonly fields?: Readonly<Record<string, string | number | boolean>>
}

/** An error with a code of the table. The message says what was expected and what was got. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly fields: Readonly<Record<string, string | number | boolean>>

  constructor (code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.fields = options.fields ?? {}
  }

  get retryable (): boolean {
    return errorCodes[this.code].retryable
  }
}

/** An unknown error counts as retryable: it stops its partition rather than lose data. */
export function isRetryable (error: unknown): boolean {
  return !(error instanceof AppError) || error.retryable
}
