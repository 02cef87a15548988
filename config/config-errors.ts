import { declareErrors } from '../runtime/errors.ts'

export const configErrors = declareErrors({
  CONFIG_INVALID: { retryable: false, meaning: 'the environment or CONFIG_FILE has problems, all listed: mend them' }
})
