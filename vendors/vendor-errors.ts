import { declareErrors } from '../runtime/errors.ts'

export const vendorErrors = declareErrors({
  BODY_MALFORMED: { retryable: false, status: 400, meaning: 'the body is not what the vendor sends: the sender is told what was expected; where it is authenticated, the bytes become a dead letter' },
  PAYLOAD_MALFORMED: { retryable: false, meaning: 'dead letter: no event can be read from the body, or from one activity of it' },
  PAYLOAD_TOO_DEEP: { retryable: false, meaning: 'dead letter: nested deeper than any event' },
  EVENT_TOO_LARGE: { retryable: false, meaning: 'dead letter: more keys and elements than any event' },
  BATCH_TOO_LARGE: { retryable: false, meaning: 'dead letter: more activities and items than a body of believable ones can hold' },
  TOPIC_MISSING: { retryable: false, meaning: 'dead letter: a Nector webhook without x-nector-topic' },
  FIELD_INVALID: { retryable: false, meaning: 'dead letter: a field that the event means nothing without does not fit' },
  TRANSFORM_FAILED: { retryable: false, meaning: 'dead letter: a fault of this program; its bytes are kept, to be replayed once it is mended' }
})
