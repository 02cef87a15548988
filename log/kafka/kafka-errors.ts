import { AppError } from '../../runtime/errors.ts'
import { logErrors } from '../log-errors.ts'

/** What kafkajs and Node put on their errors; kafkajs wraps the first error in several others. */
interface KafkaError extends Error {
  readonly type?: string
  readonly code?: string | number
}

/** Protocol errors and error names that no repetition mends. */
const refusals = new Set([
  'SASL_AUTHENTICATION_FAILED', 'UNSUPPORTED_SASL_MECHANISM', 'ILLEGAL_SASL_STATE', 'TOPIC_AUTHORIZATION_FAILED', 'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED', 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'SECURITY_DISABLED'
])

/** Codes of Node's TLS: the certificate is not one that we may trust, or the other side does not speak TLS. */
const tlsCode = /^(?:ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|EPROTO$)/

/** The errors inside an error, outermost first. */
function * chain (error: unknown): Generator<KafkaError> {
  let next = error
  for (let depth = 0; next instanceof Error && depth < 10; depth++) {
    yield next
    next = next.cause
  }
}

/** The protocol error that Kafka answered, such as TOPIC_ALREADY_EXISTS; undefined where it was none. */
export function protocolError (error: unknown): string | undefined {
  for (const { type } of chain(error)) if (typeof type === 'string') return type
  return undefined
}

/**
 * LOG_ACCESS_REFUSED where a person has to change settings or rights, LOG_UNAVAILABLE for all else: Kafka is away or short of something.
 * `doing` is what was tried.
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

/** A listener says no more than that to who comes without the TLS or the login that it expects, or with TLS where there is none; so does a broker that ends. */
function wasClosed (error: unknown): boolean {
  return [...chain(error)].some(({ name, code }) => name === 'KafkaJSConnectionClosedError' || code === 'ECONNRESET')
}
