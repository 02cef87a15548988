import { declareErrors } from '../runtime/errors.ts'

export const transformErrors = declareErrors({
  SOURCE_NOT_CONFIGURED: { retryable: false, meaning: 'dead letter: the source has left CONFIG_FILE since the webhook came' },
  TRANSFORM_THREAD_LOST: { retryable: true, meaning: 'the thread died or was stuck: its batch comes again, and a record on which it ends twice is a dead letter' }
})
