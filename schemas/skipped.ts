import { AppError } from '../runtime/errors.ts'
import { schemaErrors } from './schema-errors.ts'

/** The reason of a dead letter for a record in SKIP_RECORDS. */
export function recordSkipped (): AppError {
  return new AppError(schemaErrors.RECORD_SKIPPED, 'expected a record that is read, got one that SKIP_RECORDS names')
}
