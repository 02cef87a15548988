import { connect } from 'node:tls'
import { AppError } from '../runtime/errors.ts'
import type { WarehouseConnection } from './clickhouse-client.ts'
import { classifyClickHouseError, serverError } from './clickhouse-errors.ts'
import { warehouseErrors } from './warehouse-errors.ts'

const noKeeper = 'expected a ClickHouse Keeper and ON CLUSTER, which a cluster needs, got neither: add <zookeeper> and <distributed_ddl> to the configuration of each server'

/** The server refuses this user, or lacks a requirement: retrying does not help. */
const refusals: Readonly<Record<number, string>> = {
  139: noKeeper, // NO_ELEMENTS_IN_CONFIG
  225: noKeeper, // NO_ZOOKEEPER
  392: noKeeper, // QUERY_IS_PROHIBITED: ON CLUSTER is switched off
  164: 'expected a user who may write and change settings, got one with a read-only profile (READONLY): give it a profile with readonly = 0',
  192: 'expected a user that exists (UNKNOWN_USER): set CLICKHOUSE_USER, or create it',
  193: 'expected the right password (WRONG_PASSWORD): set CLICKHOUSE_PASSWORD',
  194: 'expected a password (REQUIRED_PASSWORD): set CLICKHOUSE_PASSWORD',
  516: 'expected a user and password that it knows (AUTHENTICATION_FAILED): set CLICKHOUSE_USER and CLICKHOUSE_PASSWORD, and see that the user may come from this address'
}

/** Node's TLS error codes, and what to do about each. */
const certificateProblems: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed: set CLICKHOUSE_CA_FILE to a PEM file of it',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not a public one: set CLICKHOUSE_CA_FILE to a PEM file of that authority\'s certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is not known here: set CLICKHOUSE_CA_FILE to a PEM file of that authority\'s certificate',
  UNABLE_TO_GET_ISSUER_CERT: 'its authority is not known here: set CLICKHOUSE_CA_FILE to a PEM file of that authority\'s certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not known here: set CLICKHOUSE_CA_FILE to a PEM file of that authority\'s certificate',
  CERT_SIGNATURE_FAILURE: 'it was not signed by the authority in CLICKHOUSE_CA_FILE',
  CERT_HAS_EXPIRED: 'it has expired: renew it at the server',
  CERT_NOT_YET_VALID: 'it is not valid yet: compare the clocks of the two machines',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it was made for another host name: use that name in CLICKHOUSE_URL'
}

/**
 * Separates an unsuitable server from an unavailable one: WAREHOUSE_UNSUITABLE says what was expected, what was got and
 * what to do; any other failure is as `classifyClickHouseError` says.
 */
export async function explainConnectionFailure (error: unknown, connection: WarehouseConnection | undefined): Promise<AppError> {
  const original = error instanceof AppError && error.cause !== undefined ? error.cause : error
  const said = serverError(original)
  const where = connection === undefined ? 'ClickHouse' : `ClickHouse at ${new URL(connection.url).host}`
  const unsuitable = (reason: string, fields = {}): AppError => new AppError(warehouseErrors.WAREHOUSE_UNSUITABLE, `${where}: ${reason}`, { cause: original, fields })
  if (said !== undefined) {
    // ACCESS_DENIED: ClickHouse's text names the missing grant.
    const refusal = said.code === 497 && original instanceof Error ? original.message : refusals[said.code]
    return refusal === undefined ? classifyClickHouseError(error) : unsuitable(refusal, { clickHouseCode: said.code })
  }
  const codes = errorCodes(original)
  const problem = codes.map((code) => certificateProblems[code]).find((text) => text !== undefined)
  if (problem !== undefined) return unsuitable(`its certificate was refused, as ${problem}`)
  if (codes.some((code) => code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG')) {
    return unsuitable('expected TLS, got something else: CLICKHOUSE_URL says https, but that port speaks plain HTTP; say http, or use the HTTPS port, often 8443')
  }
  if (connection !== undefined && new URL(connection.url).protocol === 'http:' && await speaksTls(connection.url)) {
    return unsuitable('expected plain HTTP, got TLS: CLICKHOUSE_URL says http, but that port speaks HTTPS; say https')
  }
  return classifyClickHouseError(error)
}

/** Runs a check at startup, and explains its failure with `explainConnectionFailure`. */
export async function orExplain<Answer> (connection: WarehouseConnection | undefined, asked: Promise<Answer>): Promise<Answer> {
  return await asked.catch(async (error: unknown) => { throw await explainConnectionFailure(error, connection) })
}

function errorCodes (error: unknown): readonly string[] {
  const codes: string[] = []
  for (let one = error; one instanceof Error; one = one.cause) {
    if ('code' in one && typeof one.code === 'string') codes.push(one.code)
  }
  return codes
}

/** Whether a TLS handshake succeeds, whatever the certificate. Sends nothing. */
async function speaksTls (url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return await new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 80 : Number(port), rejectUnauthorized: false, timeout: 2_000 })
    const end = (answer: boolean) => () => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('secureConnect', end(true)).once('error', end(false)).once('timeout', end(false)).once('close', end(false))
  })
}
