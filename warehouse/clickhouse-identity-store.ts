import type { ClickHouseClient } from './clickhouse-client.ts'
import { classifyClickHouseError } from './clickhouse-errors.ts'
import type { Companions, IdentityKey, IdentityStore } from './identity-store.ts'
import { everyReplica, selectRows } from './warehouse-tables.ts'

/** Identifiers a query: ClickHouse takes 128 KiB for a parameter. */
const most = 1_000

/** `cluster`: asks every replica that answers, as what was loaded a moment ago may not have reached the others yet. */
export function clickHouseIdentityStore (client: ClickHouseClient, cluster?: string): IdentityStore {
  const [links, keys] = [everyReplica('landing.identity_links', cluster), everyReplica('landing.identity_keys', cluster)]

  async function inPortions<Row> (query: string, business: string, identifiers: readonly string[]): Promise<readonly Row[]> {
    const rows: Row[] = []
    for (let start = 0; start < identifiers.length; start += most) {
      rows.push(...await selectRows<Row>(client, query, { skip_unavailable_shards: 1 }, { business, identifiers: identifiers.slice(start, start + most) }))
    }
    return rows
  }

  return {
    companions: (business, identifiers) => inPortions<Companions>(`
      SELECT
        identifier,
        groupUniqArrayArray(2)(arrayFilter(one -> startsWith(one, 'customer:'), identifiers)) AS customers,
        toUInt32(uniqExactArray(arrayFilter(one -> one != identifier AND NOT startsWith(one, 'customer:'), identifiers))) AS others
      FROM ${links}
      WHERE business = {business:String} AND identifier IN {identifiers:Array(String)}
      GROUP BY identifier`, business, identifiers),
    async pairs (business, identifiers) {
      const rows = await inPortions<{ readonly pair: readonly [string, string] }>(`
        SELECT DISTINCT (identifier, arrayJoin(arrayFilter(one -> one != identifier AND NOT startsWith(one, 'customer:'), identifiers))) AS pair
        FROM ${links}
        WHERE business = {business:String} AND identifier IN {identifiers:Array(String)}`, business, identifiers)
      return rows.map(({ pair }) => pair)
    },
    keys: (business, identifiers) => inPortions<IdentityKey>(`
      SELECT
        identifier,
        argMax(k.customer_key, k.updated_at) AS customerKey,
        argMax(k.resolution, k.updated_at) AS resolution,
        toFloat64(toUnixTimestamp64Milli(max(k.updated_at))) AS updatedAt
      FROM ${keys} AS k
      WHERE business = {business:String} AND identifier IN {identifiers:Array(String)}
      GROUP BY identifier`, business, identifiers),
    async save (business, answers) {
      if (answers.length === 0) return
      try {
        await client.insert({
          table: 'landing.identity_keys',
          values: answers.map(({ identifier, customerKey, resolution, updatedAt }) => ({ business, identifier, customer_key: customerKey, resolution, updated_at: new Date(updatedAt).toISOString().replace('T', ' ').replace('Z', '') })),
          columns: ['business', 'identifier', 'customer_key', 'resolution', 'updated_at'],
          format: 'JSONEachRow',
          clickhouse_settings: { async_insert: 0, distributed_foreground_insert: 1 }
        })
      } catch (error) {
        throw classifyClickHouseError(error)
      }
    },
    async now () {
      const [row] = await selectRows<{ readonly now: number }>(client, 'SELECT toFloat64(toUnixTimestamp64Milli(now64(3))) AS now')
      return row?.now ?? 0
    }
  }
}
