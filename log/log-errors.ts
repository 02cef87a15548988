import { declareErrors } from '../runtime/errors.ts'

export const logErrors = declareErrors({
  LOG_UNAVAILABLE: { retryable: true, status: 503, meaning: 'the log cannot be written or read now: webhooks are refused with 503, the stages wait' },
  LOG_BACKLOG_FULL: { retryable: true, status: 503, meaning: 'BACKLOG_LIMIT_BYTES wait to be loaded: webhooks are refused with 503 until that is less' },
  LOG_DISK_FULL: { retryable: true, status: 503, meaning: 'the disk under DATA_DIR is almost full: make room; webhooks are refused with 503 until then' },
  LOG_RECORD_TOO_LARGE: { retryable: false, meaning: 'a record is larger than the log takes: raise KAFKA_MAX_MESSAGE_BYTES' },
  LOG_STALLED: { retryable: false, meaning: 'a consumer is dead or fetches nothing: the process ends for its supervisor to start another' },
  LOG_DAMAGED: { retryable: false, meaning: 'the embedded log cannot be opened: the message says the way out' },
  LOG_ACCESS_REFUSED: { retryable: false, meaning: 'Kafka refuses the login or a right: the message says which' },
  LOG_TOPIC_UNSUITABLE: { retryable: false, meaning: 'a topic of Kafka is not as this program needs it: the message says what to change' }
})
