export interface ErrorDeclaration {
  /** The same input may succeed later, so the caller retries; otherwise the input itself is at fault. */
  readonly retryable: boolean
  /** HTTP status for a caller; absent if no request can cause it. */
  readonly status?: number
  /** What happened and what to do, for docs/errors.md. */
  readonly meaning: string
}

/** One kind of error. Behaviour is decided from it, never from message text. */
export interface ErrorKind<Code extends string = string> extends ErrorDeclaration {
  readonly code: Code
}

/** Declares the errors of a folder, next to the code that throws them. No two folders declare the same code. */
export function declareErrors<Code extends string> (declared: Readonly<Record<Code, ErrorDeclaration>>): { readonly [C in Code]: ErrorKind<C> } {
  return Object.fromEntries(Object.entries<ErrorDeclaration>(declared).map(([code, declaration]) => [code, { code, ...declaration }])) as { readonly [C in Code]: ErrorKind<C> }
}

export interface AppErrorOptions {
  readonly cause?: unknown
  /** Fields for the log: never payloads, never credentials. */
  readonly fields?: Readonly<Record<string, string | number | boolean>>
}

/** An error of a declared kind. The message says what was expected and what was got. */
export class AppError extends Error {
  readonly #kind: ErrorKind
  readonly code: string
  readonly fields: Readonly<Record<string, string | number | boolean>>

  constructor (kind: ErrorKind, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.#kind = kind
    this.code = kind.code
    this.fields = options.fields ?? {}
  }

  get kind (): ErrorKind {
    return this.#kind
  }

  get retryable (): boolean {
    return this.#kind.retryable
  }
}

/** Whether an error is one of these kinds; by code, because an error of another thread is a copy. */
export function isError (error: unknown, ...kinds: readonly ErrorKind[]): error is AppError {
  return error instanceof AppError && kinds.some(({ code }) => code === error.code)
}

/** An unknown error counts as retryable: it stops its partition rather than lose data. */
export function isRetryable (error: unknown): boolean {
  return !(error instanceof AppError) || error.retryable
}
