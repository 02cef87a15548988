import { declareErrors } from '../runtime/errors.ts'

export const ingestErrors = declareErrors({
  ADDRESS_NOT_ALLOWED: { retryable: false, status: 403, meaning: 'the sender is not on the allow-list of the source' },
  SOURCE_UNKNOWN: { retryable: false, status: 404, meaning: 'no source of that id is in CONFIG_FILE' },
  METHOD_NOT_ALLOWED: { retryable: false, status: 405, meaning: 'the address takes other methods' },
  REQUEST_TIMEOUT: { retryable: true, status: 408, meaning: 'the request took longer to arrive than REQUEST_TIMEOUT_MS' },
  BODY_TOO_LARGE: { retryable: false, status: 413, meaning: 'the body is larger than the limit of its vendor' },
  CONTENT_TYPE_UNSUPPORTED: { retryable: false, status: 415, meaning: 'the content type or encoding is not what the vendor sends' },
  BODIES_OVER_BUDGET: { retryable: true, status: 503, meaning: 'the bodies under way take IN_FLIGHT_BODY_BYTES: send it again later' }
})
