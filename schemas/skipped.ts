import { AppError } from '../runtime/errors.ts'
import { schemaErrors } from './schema-errors.ts'

/** Why a record that an operator steps over is a dead letter. */
export function recordSkipped (): AppError {
  return new AppError(schemaErrors.RECORD_SKIPPED, 'expected a record that is read, got one that SKIP_RECORDS names')
}
