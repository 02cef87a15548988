import { ClickHouseError } from '@clickhouse/client'
import { AppError } from '../runtime/errors.ts'

/**
 * ClickHouse's error codes that are the data's fault: the same bytes fail again, whatever the server's state.
 * Everything else, and above all what nobody thought of, may pass later, so it stops the partition and loses nothing.
 * That includes a schema that does not fit its table (16, 36, 44, 60, 81): every row would be refused, and a migration mends it.
 */
const dataErrorCodes: ReadonlySet<number> = new Set([
  6, // CANNOT_PARSE_TEXT
  26, // CANNOT_PARSE_QUOTED_STRING
  27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  32, // ATTEMPT_TO_READ_AFTER_EOF
  33, // CANNOT_READ_ALL_DATA
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

/** The server's state is at fault and passes by itself: the same statement succeeds later, whatever it says. */
const transientErrorCodes: ReadonlySet<number> = new Set([
  159, // TIMEOUT_EXCEEDED: max_execution_time, on a server that is busy
  202, // TOO_MANY_SIMULTANEOUS_QUERIES
  209, // SOCKET_TIMEOUT: between the server and another one
  210, // NETWORK_ERROR: likewise
  241, // MEMORY_LIMIT_EXCEEDED: of the query or, because of others, of the server
  252, // TOO_MANY_PARTS: until merges have caught up
  319, // UNKNOWN_STATUS_OF_INSERT: a replica's answer was lost; a repetition is safe
  999 // KEEPER_EXCEPTION: its session was lost or it has no leader now
])

/** The code of every exception that is not ClickHouse's own; the C++ type beside it says whose it is. */
const foreignException = 1001
/** Every corrupt container ends in this one: bad magic, broken schema, wrong count or length, missing or wrong sync marker, early end. */
const avroException = 'avro::Exception'

export interface ServerError {
  readonly code: number
  readonly type: string
}

// The client reads the head of ClickHouse's own errors and leaves that of foreign ones in the text of a plain Error.
const foreignHead = /^(?:std|Poco)::\w+\. Code: (\d+)(?:, type: ([\w:]+))?/

/** What the server said; undefined for errors of the network or of anything else. */
export function serverError (error: unknown): ServerError | undefined {
  if (error instanceof ClickHouseError) return { code: Number(error.code), type: error.type ?? 'UNKNOWN' }
  if (!(error instanceof Error)) return undefined
  const [, code, type = 'UNKNOWN'] = foreignHead.exec(error.message) ?? []
  return code === undefined ? undefined : { code: Number(code), type }
}

/** Whether the same statement may succeed later without anybody's doing. */
export function isTransient ({ code }: ServerError): boolean {
  return transientErrorCodes.has(code)
}

/**
 * Says what a failed query means for its data: WAREHOUSE_REFUSED_DATA (hopeless; not retryable) or WAREHOUSE_UNAVAILABLE
 * (repeat). After WAREHOUSE_UNAVAILABLE the fate of an insert is unknown: it is repeated with the same deduplication token.
 *
 * The text of ClickHouse, which may quote a value, is only in `cause`; message and fields are fit for the log.
 */
export function classifyClickHouseError (error: unknown): AppError {
  if (error instanceof AppError) return error
  const said = serverError(error)
  if (said === undefined) return new AppError('WAREHOUSE_UNAVAILABLE', 'ClickHouse gave no answer', { cause: error })
  const { code, type } = said
  const options = { cause: error, fields: { clickHouseCode: code, clickHouseType: type } }
  return dataErrorCodes.has(code) || (code === foreignException && type === avroException)
    ? new AppError('WAREHOUSE_REFUSED_DATA', `ClickHouse refused the data: ${code} ${type}`, options)
    : new AppError('WAREHOUSE_UNAVAILABLE', `ClickHouse could not do it now: ${code} ${type}`, options)
}
