import type { ClickHouseClient } from './clickhouse-client.ts'
import { classifyClickHouseError } from './clickhouse-errors.ts'

/** The rows of a query. Rejects as `classifyClickHouseError` says. */
export async function selectRows<Row> (client: ClickHouseClient, query: string, settings: Readonly<Record<string, string | number>> = {}, parameters: Readonly<Record<string, unknown>> = {}): Promise<readonly Row[]> {
  try {
    const result = await client.query({ query, format: 'JSONEachRow', clickhouse_settings: settings, query_params: parameters, use_multipart_params: true })
    return await result.json<Row>()
  } catch (error) {
    throw classifyClickHouseError(error)
  }
}

/** Adds one row; a column that it lacks takes its default. Rejects as `classifyClickHouseError` says. */
export async function insertRow (client: ClickHouseClient, table: string, row: Readonly<Record<string, unknown>>, settings: Readonly<Record<string, string | number>> = {}): Promise<void> {
  const [first = '', ...others] = Object.keys(row)
  try {
    await client.insert({ table, values: [row], columns: [first, ...others], format: 'JSONEachRow', clickhouse_settings: settings })
  } catch (error) {
    throw classifyClickHouseError(error)
  }
}

/**
 * What to select from for every row that any replica has, so that nothing is missed that reached another one: for bookkeeping only,
 * as it has each row once a replica and fails where one is away.
 */
export function everyReplica (table: string, cluster: string | undefined): string {
  return cluster === undefined ? table : `clusterAllReplicas('${cluster}', ${table}_local)`
}
