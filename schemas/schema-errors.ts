import { declareErrors } from '../runtime/errors.ts'

export const schemaErrors = declareErrors({
  RAW_RECORD_UNREADABLE: { retryable: false, meaning: 'dead letter: the bytes are no record of their schema' },
  FRAME_MALFORMED: { retryable: false, meaning: 'dead letter: a message that this program has not framed' },
  RECORD_SKIPPED: { retryable: false, meaning: 'dead letter: SKIP_RECORDS names the record' },
  SCHEMA_UNKNOWN: { retryable: true, meaning: 'a newer version wrote the message: waits for a version that can read it' }
})
