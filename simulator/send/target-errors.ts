import { declareErrors } from '../../runtime/errors.ts'

export const targetErrors = declareErrors({
  TARGET_UNREACHABLE: { retryable: true, meaning: 'nothing answers where the webhooks go to' },
  TARGET_REFUSED: { retryable: false, meaning: 'the ingest refuses the webhooks: the message says why' }
})
