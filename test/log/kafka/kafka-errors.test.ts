import { describe, expect, test } from 'vitest'
import { classifyKafkaError } from '../../../log/kafka/kafka-errors.ts'
import { AppError } from '../../../runtime/errors.ts'
import { logErrors } from '../../../log/log-errors.ts'

/** As kafkajs throws them (test/kafka/kafka-security.test.ts provokes each), innermost first. */
function wrapped (...errors: ReadonlyArray<{ readonly name: string, readonly message?: string, readonly type?: string, readonly code?: string | number }>): Error | undefined {
  return errors.reduce<Error | undefined>((cause, { message = 'said so', ...fields }) => Object.assign(new Error(message, { cause }), fields), undefined)
}

const retries = { name: 'KafkaJSNumberOfRetriesExceeded' }

describe('what kafkajs throws becomes', () => {
  test.each([
    ['LOG_ACCESS_REFUSED', /KAFKA_PASSWORD/, [{ name: 'KafkaJSSASLAuthenticationError' }]],
    ['LOG_ACCESS_REFUSED', /TOPIC_AUTHORIZATION_FAILED.+ACLs/, [{ name: 'KafkaJSProtocolError', type: 'TOPIC_AUTHORIZATION_FAILED', code: 29 }, retries]],
    ['LOG_ACCESS_REFUSED', /KAFKA_SASL_MECHANISM/, [{ name: 'KafkaJSProtocolError', type: 'ILLEGAL_SASL_STATE', code: 34 }]],
    ['LOG_ACCESS_REFUSED', /KAFKA_TLS_CA_FILE/, [{ name: 'KafkaJSConnectionError', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, retries]],
    ['LOG_UNAVAILABLE', /check that KAFKA_TLS and KAFKA_SASL_MECHANISM/, [{ name: 'KafkaJSConnectionError', code: 'ECONNRESET' }, retries]],
    ['LOG_UNAVAILABLE', /check that KAFKA_TLS and KAFKA_SASL_MECHANISM/, [{ name: 'KafkaJSConnectionClosedError' }, retries]],
    ['LOG_UNAVAILABLE', /^expected Kafka to answer its topics, got nobody there$/, [{ name: 'KafkaJSConnectionError', code: 'ECONNREFUSED', message: 'nobody there' }]]
  ] as const)('%s, %s', (code, message, errors) => {
    const error = classifyKafkaError(wrapped(...errors), 'its topics')
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
  })
})

test('an error of ours stays what it is', () => {
  const error = new AppError(logErrors.LOG_TOPIC_UNSUITABLE, 'too few partitions')
  expect(classifyKafkaError(error, 'its topics')).toBe(error)
})
