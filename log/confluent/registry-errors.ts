import { AppError } from '../../runtime/errors.ts'
import { configErrors } from '../../config/config-errors.ts'
import { registryErrors } from './registry-error-codes.ts'
import { schemaErrors } from '../../schemas/schema-errors.ts'

/** Classifies a failed registration at start. `level` is the compatibility that the subject was checked with. */
export function registrationError (error: unknown, subject: string, level: string): AppError {
  const cause = { cause: error }
  const status = statusOf(error)
  switch (status) {
    case 401:
    case 403:
      return new AppError(configErrors.CONFIG_INVALID, `SCHEMA_REGISTRY_USER, SCHEMA_REGISTRY_PASSWORD: expected a user who may register schemas under ${subject} and set its compatibility, got ${status} from the schema registry: ${wordsOf(error)}`, cause)
    case 409:
    case 422:
      return new AppError(registryErrors.SCHEMA_INCOMPATIBLE, `expected the schema registry to take this version's schema under ${subject} (${level}), got ${status}: ${wordsOf(error)}; start a version whose schema only adds to those of the subject, or, where the subject is somebody else's, set KAFKA_PREFIX to a name of your own`, cause)
    case 404:
    case 405:
    case undefined:
      return new AppError(configErrors.CONFIG_INVALID, `SCHEMA_REGISTRY_URL: expected a Confluent schema registry, whose path may be needed too, got for ${subject}: ${wordsOf(error)}`, cause)
    default:
      return unavailable(error)
  }
}

/** Classifies a failed look-up. An unavailable registry makes the messages wait; an id that it does not have makes them dead letters. */
export function lookUpError (error: unknown, id: number): AppError {
  switch (statusOf(error)) {
    case 401:
    case 403:
      return new AppError(registryErrors.SCHEMA_REGISTRY_UNAVAILABLE, `expected SCHEMA_REGISTRY_USER, SCHEMA_REGISTRY_PASSWORD to be those of a user who may read schemas, got: ${wordsOf(error)}`, { cause: error })
    case 404:
      return new AppError(registryErrors.SCHEMA_ID_UNKNOWN, `expected the schema registry to know schema id ${id} of a message, got: ${wordsOf(error)}; set SCHEMA_REGISTRY_URL to the registry that the message was written with`, { cause: error })
    case undefined:
      // not a registry's response, or a schema that the client cannot parse: needs a person, and the messages wait
      return new AppError(schemaErrors.SCHEMA_UNKNOWN, `expected schema id ${id} of a message to be an Avro schema that can be read, got: ${wordsOf(error)}`, { cause: error })
    default:
      return unavailable(error)
  }
}

export function notAvro (id: number): AppError {
  return new AppError(registryErrors.SCHEMA_ID_UNKNOWN, `expected schema id ${id} of a message to be an Avro schema, got a schema of another kind; something else than this project wrote into its topic`)
}

function unavailable (error: unknown): AppError {
  return new AppError(registryErrors.SCHEMA_REGISTRY_UNAVAILABLE, `expected an answer of the schema registry (SCHEMA_REGISTRY_URL), got: ${wordsOf(error)}`, { cause: error })
}

/** The HTTP status; 400 where the client got no response; undefined where the response is not a registry's. */
function statusOf (error: unknown): number | undefined {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : undefined
}

function wordsOf (error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 500)
}
