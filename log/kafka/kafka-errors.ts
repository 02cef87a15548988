import { AppError } from '../../runtime/errors.ts'
import { logErrors } from '../log-errors.ts'

/** Properties of kafkajs and Node errors; kafkajs wraps the first error in several others. */
interface KafkaError extends Error {
  readonly type?: string
  readonly code?: string | number
}

/** Protocol errors and error names that no retry mends. */
const refusals = new Set([
  'SASL_AUTHENTICATION_FAILED', 'UNSUPPORTED_SASL_MECHANISM', 'ILLEGAL_SASL_STATE', 'TOPIC_AUTHORIZATION_FAILED', 'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED', 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'SECURITY_DISABLED'
])

/** TLS error codes of Node: an untrusted certificate, or a peer that does not speak TLS. */
const tlsCode = /^(?:ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|EPROTO$)/

/** The errors inside an error, outermost first. */
function * chain (error: unknown): Generator<KafkaError> {
  let next = error
  for (let depth = 0; next instanceof Error && depth < 10; depth++) {
    yield next
    next = next.cause
  }
}

/** The protocol error of Kafka's response, such as TOPIC_ALREADY_EXISTS; undefined for other errors. */
export function protocolError (error: unknown): string | undefined {
  for (const { type } of chain(error)) if (typeof type === 'string') return type
  return undefined
}

/**
 * LOG_ACCESS_REFUSED if a person must change settings or rights; LOG_UNAVAILABLE for everything else.
 * `doing` names the operation.
 */
export function classifyKafkaError (error: unknown, doing: string): AppError {
  if (error instanceof AppError) return error
  for (const one of chain(error)) {
    const code = String(one.code ?? '')
    if (one.name === 'KafkaJSSASLAuthenticationError' || (one.type !== undefined && refusals.has(one.type))) {
      return new AppError(logErrors.LOG_ACCESS_REFUSED, `Kafka refused: expected rights for ${doing}, got ${one.type ?? one.message}; check KAFKA_SASL_MECHANISM, KAFKA_USERNAME and KAFKA_PASSWORD, and the ACLs that docs/operations.md lists`, { cause: error })
    }
    if (tlsCode.test(code)) {
      return new AppError(logErrors.LOG_ACCESS_REFUSED, `expected a TLS connection to Kafka, got ${code}; check KAFKA_TLS, and KAFKA_TLS_CA_FILE where its certificates are not from a public authority`, { cause: error })
    }
  }
  const hint = wasClosed(error) ? '; where Kafka is up, check that KAFKA_TLS and KAFKA_SASL_MECHANISM fit the listener that KAFKA_BROKERS names' : ''
  return new AppError(logErrors.LOG_UNAVAILABLE, `expected Kafka to answer ${doing}, got ${error instanceof Error ? error.message : String(error)}${hint}`, { cause: error })
}

/** A listener closes the connection without a reason on a missing or unexpected TLS or login; so does a broker that shuts down. */
function wasClosed (error: unknown): boolean {
  return [...chain(error)].some(({ name, code }) => name === 'KafkaJSConnectionClosedError' || code === 'ECONNRESET')
}
