import { ClickHouseError } from '@clickhouse/client'
import { AppError } from '../runtime/errors.ts'
import { warehouseErrors } from './warehouse-errors.ts'

/**
 * ClickHouse error codes that are the data's fault: the same bytes fail again, whatever the server's state.
 * Every other code, known or not, may be transient: it stops the partition and loses nothing.
 * That includes a schema that does not fit its table (16, 36, 44, 60, 81): every row would be refused, and a migration mends it;
 * and 32 and 33 (the end of what was to be read came early), which a server also says of a shard that died under a distributed insert.
 */
const dataErrorCodes: ReadonlySet<number> = new Set([
  6, // CANNOT_PARSE_TEXT
  26, // CANNOT_PARSE_QUOTED_STRING
  27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  38, // CANNOT_PARSE_DATE
  41, // CANNOT_PARSE_DATETIME
  53, // TYPE_MISMATCH
  69, // ARGUMENT_OUT_OF_BOUND
  70, // CANNOT_CONVERT_TYPE
  72, // CANNOT_PARSE_NUMBER
  117, // INCORRECT_DATA
  131, // TOO_LARGE_STRING_SIZE
  321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE: an Avro decimal of no byte, or of too many
  349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
  376, // CANNOT_PARSE_UUID
  407 // DECIMAL_OVERFLOW
])

/**
 * Codes of a statement of sql/ that can never succeed as written, or not with these grants: a person is needed.
 * Only errors about the statement itself: all others (short of memory or disk, no quorum, no Keeper,
 * no leader, shutting down, …) may be transient.
 */
const statementErrorCodes: ReadonlySet<number> = new Set([
  ...dataErrorCodes, // of its literals, and of columns that it reads
  // how it is written
  62, // SYNTAX_ERROR
  80, // INCORRECT_QUERY
  36, // BAD_ARGUMENTS
  42, // NUMBER_OF_ARGUMENTS_DOESNT_MATCH
  43, // ILLEGAL_TYPE_OF_ARGUMENT
  44, // ILLEGAL_COLUMN
  386, // NO_COMMON_TYPE
  179, // MULTIPLE_EXPRESSIONS_FOR_ALIAS
  181, // ILLEGAL_FINAL
  184, // ILLEGAL_AGGREGATION
  207, // AMBIGUOUS_IDENTIFIER
  215, // NOT_AN_AGGREGATE
  403, // INVALID_JOIN_ON_EXPRESSION
  450, // BAD_TTL_EXPRESSION
  395, // FUNCTION_THROW_IF_VALUE_IS_NON_ZERO: its own check
  // a missing or existing object; statements are idempotent, and on a cluster they reach each server in order
  15, // DUPLICATE_COLUMN
  16, // NO_SUCH_COLUMN_IN_TABLE
  46, // UNKNOWN_FUNCTION
  47, // UNKNOWN_IDENTIFIER
  50, // UNKNOWN_TYPE
  56, // UNKNOWN_STORAGE
  57, // TABLE_ALREADY_EXISTS
  60, // UNKNOWN_TABLE
  63, // UNKNOWN_AGGREGATE_FUNCTION
  81, // UNKNOWN_DATABASE
  115, // UNKNOWN_SETTING
  // what the tables are like
  122, // INCOMPATIBLE_COLUMNS
  524, // ALTER_OF_COLUMN_IS_FORBIDDEN
  // not supported by this server; 49 is a bug of the server, which the same statement meets again
  48, // NOT_IMPLEMENTED
  49, // LOGICAL_ERROR
  344, // SUPPORT_IS_DISABLED
  // not permitted
  164, // READONLY
  452, // SETTING_CONSTRAINT_VIOLATION
  497 // ACCESS_DENIED
])

/** The code of every exception that is not ClickHouse's own; the C++ type beside it says whose it is. */
const foreignException = 1001
/** Every corrupt container ends in this one: bad magic, broken schema, wrong count or length, missing or wrong sync marker, early end. */
const avroException = 'avro::Exception'

export interface ServerError {
  readonly code: number
  readonly type: string
}

// The client parses the head of ClickHouse's own errors, and leaves that of foreign ones in the text of a plain Error.
const foreignHead = /^(?:std|Poco)::\w+\. Code: (\d+)(?:, type: ([\w:]+))?/

/** The server's error; undefined for errors of the network or of anything else. */
export function serverError (error: unknown): ServerError | undefined {
  if (error instanceof ClickHouseError) return { code: Number(error.code), type: error.type ?? 'UNKNOWN' }
  if (!(error instanceof Error)) return undefined
  const [, code, type = 'UNKNOWN'] = foreignHead.exec(error.message) ?? []
  return code === undefined ? undefined : { code: Number(code), type }
}

/** Whether a statement of sql/ or its user is at fault: retrying does not help. */
export function isFaultOfStatement ({ code }: ServerError): boolean {
  return statementErrorCodes.has(code)
}

/**
 * Classifies a failed query: WAREHOUSE_REFUSED_DATA (the data's fault; not retryable) or WAREHOUSE_UNAVAILABLE
 * (retry). After WAREHOUSE_UNAVAILABLE the fate of an insert is unknown: it is retried under the same deduplication token.
 *
 * ClickHouse's text, which may quote a value, is only in `cause`; message and fields are safe to log.
 */
export function classifyClickHouseError (error: unknown): AppError {
  if (error instanceof AppError) return error
  const said = serverError(error)
  if (said === undefined) {
    // Node's errors of the network have a code; the client's time-out and what a proxy answers have none
    const isOfNetwork = error instanceof Error && 'code' in error
    return new AppError(warehouseErrors.WAREHOUSE_UNAVAILABLE, isOfNetwork ? 'ClickHouse gave no answer' : 'expected an answer of ClickHouse, got none in time, or one of a proxy before it', { cause: error })
  }
  const { code, type } = said
  const options = { cause: error, fields: { clickHouseCode: code, clickHouseType: type } }
  return dataErrorCodes.has(code) || (code === foreignException && type === avroException)
    ? new AppError(warehouseErrors.WAREHOUSE_REFUSED_DATA, `ClickHouse refused the data: ${code} ${type}`, options)
    : new AppError(warehouseErrors.WAREHOUSE_UNAVAILABLE, `ClickHouse could not do it now: ${code} ${type}`, options)
}
