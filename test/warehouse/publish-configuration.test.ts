import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { BusinessConfig } from '../../config/businesses.ts'
import type { ClickHouseClient } from '../../warehouse/clickhouse-client.ts'
import { publishConfiguration } from '../../warehouse/publish-configuration.ts'
import { testBusinesses } from '../samples/samples.ts'
import { startMigratedWarehouse, type MigratedWarehouse } from './migrated-warehouse.ts'

let warehouse: MigratedWarehouse
beforeAll(async () => { warehouse = await startMigratedWarehouse() })
afterAll(async () => { await warehouse.close() })
beforeEach(async () => { await warehouse.client.command({ query: 'TRUNCATE TABLE landing.configuration' }) })

const worth = (coinValue: string): readonly BusinessConfig[] => testBusinesses.map((business) => ({ ...business, coinValue }))
const valueThatCounts = async (): Promise<unknown> => (await warehouse.query('SELECT DISTINCT toFloat64(coin_value) AS value FROM landing.businesses'))[0]?.['value']

test('the configuration that was published last counts, though the clock was set back since', async () => {
  await publishConfiguration(warehouse.client, worth('0.1'))
  // as it looks once the clock of the server was set back by an hour
  await warehouse.client.command({ query: 'ALTER TABLE landing.configuration UPDATE configured_at = configured_at + INTERVAL 1 HOUR WHERE 1', clickhouse_settings: { mutations_sync: '1' } })
  expect(await publishConfiguration(warehouse.client, worth('0.2'))).toBe(true)
  expect(await valueThatCounts()).toBe(0.2)
  expect(await publishConfiguration(warehouse.client, worth('0.2'))).toBe(false)
  expect(await publishConfiguration(warehouse.client, worth('0.1'))).toBe(true)
  expect(await valueThatCounts()).toBe(0.1)
})

/** The client, whose inserts wait until `others` of them are about to happen as well. */
function meeting (client: ClickHouseClient, others: number): ClickHouseClient {
  let waiting = others
  let release = (): void => {}
  const met = new Promise<void>((resolve) => { release = resolve })
  return new Proxy(client, {
    get (target, key) {
      const member: unknown = Reflect.get(target, key)
      if (typeof member !== 'function') return member
      return async (...all: unknown[]): Promise<unknown> => {
        if (key === 'insert') {
          if (--waiting <= 0) release()
          await met
        }
        return await Reflect.apply(member, target, all) as unknown
      }
    }
  })
}

test('of two that publish at once one counts for every reader, and the other is told and comes after it', async () => {
  const lines: unknown[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => { lines.push(JSON.parse(line)) } })
  const client = meeting(warehouse.client, 2)
  expect(await Promise.all(['0.1', '0.2'].map(async (value) => await publishConfiguration(client, worth(value), logger)))).toEqual([true, true])
  const versions = await warehouse.query('SELECT toUInt32(version) AS version, count() AS rows FROM landing.configuration GROUP BY version ORDER BY version')
  expect(versions[0]).toEqual({ version: 1, rows: 2 })
  // the greater text counted under version 1; the other took version 2 unless it had been the only one for a moment
  expect(lines).toHaveLength(versions.length - 1)
  expect([0.1, 0.2]).toContain(await valueThatCounts())
})
