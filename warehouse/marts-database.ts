import { classifyClickHouseError } from './clickhouse-errors.ts'
import type { ClickHouseClient } from './clickhouse-client.ts'

/** The database of the user `marts`, for tables of the shop's own. Rejects as `classifyClickHouseError` says. */
export async function createMartsDatabase (client: ClickHouseClient): Promise<void> {
  try {
    await client.command({ query: "CREATE DATABASE IF NOT EXISTS marts COMMENT 'Tables of your own: nothing of the pipeline reads or changes them'" })
  } catch (error) {
    throw classifyClickHouseError(error)
  }
}
