import { declareErrors } from '../../runtime/errors.ts'

export const registryErrors = declareErrors({
  SCHEMA_REGISTRY_UNAVAILABLE: { retryable: true, meaning: 'the schema registry gives no answer: waits until it does' },
  SCHEMA_ID_UNKNOWN: { retryable: false, meaning: 'dead letter: the registry knows no schema of that id' },
  SCHEMA_INCOMPATIBLE: { retryable: false, meaning: 'the registry refuses a schema: the message names its subject' }
})
