import { afterAll, beforeAll, expect, test } from 'vitest'
import { readerMayChange } from '../../warehouse/embedded/users-config.ts'
import { publishConfiguration } from '../../warehouse/publish-configuration.ts'
import { analyticsViews } from '../analytics-views.ts'
import { goldenBusinesses, goldenWebhooks } from '../analytics/golden/shop.ts'
import { createWebhookLoader } from '../analytics/webhook-loader.ts'
import { startMigratedWarehouse, type MigratedWarehouse } from './migrated-warehouse.ts'

/** Every setting that `bi` may change, under every view. */
let warehouse: MigratedWarehouse
let usual: unknown
const types = new Map<string, { readonly type: string, readonly value: string }>()

beforeAll(async () => {
  warehouse = await startMigratedWarehouse()
  await publishConfiguration(warehouse.client, goldenBusinesses)
  await createWebhookLoader(warehouse, goldenBusinesses, 0)(goldenWebhooks)
  for (const { name, type, value } of await warehouse.query('SELECT name, type, value FROM system.settings')) types.set(String(name), { type: String(type), value: String(value) })
  usual = await answers({})
})
afterAll(async () => { await warehouse.close() })

/** The number of rows of each view and a hash of them. */
async function answers (settings: Readonly<Record<string, string>>): Promise<unknown> {
  const query = [...analyticsViews.keys()].map((view) => {
    const from = view === 'funnel' ? "funnel(business = 'chai', funnel = 'purchase', from_day = '2024-01-10', to_day = '2024-01-16')" : view
    const columns = view === 'pipeline_health' ? '* EXCEPT (last_received_at, last_loaded_at)' : '*'
    return `SELECT '${view}' AS view, count() AS rows, sum(cityHash64(tuple(v.*))) AS hash FROM (SELECT ${columns} FROM analytics.${from}) AS v`
  }).join(' UNION ALL ')
  // after a row of their own, as `offset` and `limit` are for the rows of the whole answer
  const result = await warehouse.client.query({
    query: `SELECT answer FROM (SELECT 0 AS place, '' AS answer UNION ALL SELECT 1, toString(arraySort(groupArray((view, rows, hash)))) FROM (${query})) ORDER BY place`,
    format: 'JSONEachRow',
    clickhouse_settings: settings
  })
  return (await result.json<{ readonly answer: string }>()).at(-1)?.answer
}

/** Other values than the usual one: the opposite of a switch, and others that a tool may send. */
function otherValues (name: string): readonly string[] {
  const { type = '', value = '' } = types.get(name) ?? {}
  const own: Readonly<Record<string, readonly string[]>> = {
    session_timezone: ['America/New_York'],
    date_time_output_format: ['iso', 'unix_timestamp'],
    result_overflow_mode: ['break'],
    max_block_size: ['7'],
    send_logs_level: ['trace'],
    log_comment: ['a tool'],
    network_compression_method: ['ZSTD'],
    format_csv_delimiter: [';'],
    query_cache_nondeterministic_function_handling: ['ignore'],
    query_cache_system_table_handling: ['ignore'],
    limit: ['2']
  }
  if (own[name] !== undefined) return own[name]
  if (type === 'Bool' || (type === 'UInt64' && ['0', '1'].includes(value))) return [value === '1' ? '0' : '1']
  return /^\d+$/.test(value) ? [String(Number(value) + 1)] : []
}

test.each(readerMayChange)('%s changes no answer', async (name) => {
  const values = otherValues(name)
  expect(values, `expected other values of ${name} than ${JSON.stringify(types.get(name))}`).not.toEqual([])
  for (const value of values) expect(await answers({ [name]: value }), `${name} = ${value}`).toEqual(usual)
})
