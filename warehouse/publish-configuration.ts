import type { Logger } from '../runtime/logger.ts'
import type { BusinessConfig } from '../config/businesses.ts'
import type { ClickHouseClient } from './clickhouse-client.ts'
import { insertRow, selectRows } from './warehouse-tables.ts'

interface Published {
  readonly version: number
  readonly configuration: string
}

/** Others that publish another configuration in the same moment, in turn, before this one gives up its own. */
const mostRounds = 5

/**
 * Tells the warehouse what its views need of CONFIG_FILE: no secret is in it. Adds a row, under the next version, where it differs from the one
 * that counts. Returns whether it did. Rejects with WAREHOUSE_UNAVAILABLE.
 *
 * Where another process publishes at the same time, both may take the same version and one of the two counts (sql/views/10_configuration.sql).
 * The process whose row does not count publishes it again under the next version. That is a WARN: two processes with different files are
 * most likely a mistake.
 */
export async function publishConfiguration (client: ClickHouseClient, businesses: readonly BusinessConfig[], logger?: Logger): Promise<boolean> {
  const configuration = JSON.stringify({
    businesses: businesses.map(({ id, currency, coinValue, timezone, netcore, funnels }) => ({
      id,
      currency,
      coinValue,
      timezone,
      netcore: netcore.map(({ id, timezone, identity, activities }) => ({ id, timezone, identity, activities })),
      funnels
    }))
  })
  let last = await lastPublished(client)
  if (last?.configuration === configuration) return false
  for (let round = 1; round <= mostRounds; round++) {
    const version = (last?.version ?? 0) + 1
    await insertRow(client, 'landing.configuration', { version, configuration })
    last = await lastPublished(client)
    if (last?.configuration === configuration) return true
    logger?.warn({ version, counts: last?.version }, 'another process has published another configuration at the same time; do all processes have the same CONFIG_FILE?')
  }
  return true
}

async function lastPublished (client: ClickHouseClient): Promise<Published | undefined> {
  const [last] = await selectRows<{ number: number, configuration: string }>(client, 'SELECT toUInt32(version) AS number, configuration FROM landing.configuration ORDER BY version DESC, configuration DESC LIMIT 1')
  return last === undefined ? undefined : { version: last.number, configuration: last.configuration }
}
