import type { BusinessConfig } from '../runtime/source-config.ts'
import type { ClickHouseClient } from './clickhouse-client.ts'
import { insertRow, selectRows } from './warehouse-tables.ts'

/**
 * Tells the warehouse what its views need of CONFIG_FILE: no secret is in it. Adds a row where it differs from the last one.
 * Returns whether it did. Rejects with WAREHOUSE_UNAVAILABLE.
 */
export async function publishConfiguration (client: ClickHouseClient, businesses: readonly BusinessConfig[]): Promise<boolean> {
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
  const [last] = await selectRows<{ configuration: string }>(client, 'SELECT configuration FROM landing.configuration ORDER BY configured_at DESC LIMIT 1')
  if (last?.configuration === configuration) return false
  await insertRow(client, 'landing.configuration', { configuration })
  return true
}
