import { classifyClickHouseError } from './clickhouse-errors.ts'
import type { ClickHouseClient } from './clickhouse-client.ts'

/** Creates the database of user `marts`, for the shop's own tables. Rejects as `classifyClickHouseError` says. */
export async function createMartsDatabase (client: ClickHouseClient): Promise<void> {
  try {
    await client.command({ query: "CREATE DATABASE IF NOT EXISTS marts COMMENT 'Tables of your own: nothing of the pipeline reads or changes them'" })
  } catch (error) {
    throw classifyClickHouseError(error)
  }
}
