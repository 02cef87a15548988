import { expect, test } from 'vitest'
import { encodeRecord } from '../../transform/message-encoder.ts'
import { transform } from '../../transform/transform.ts'
import { createSources } from '../../vendors/source.ts'
import { createWarehouseClient } from '../../warehouse/clickhouse-client.ts'
import { clickHouseSink } from '../../warehouse/clickhouse-sink.ts'
import { publishConfiguration } from '../../warehouse/publish-configuration.ts'
import { migrate } from '../../warehouse/migrations/migrator.ts'
import { startHttpProxy } from '../kafka/http-proxy.ts'
import { nectorRaw, testBusinesses } from '../samples/samples.ts'
import { createLoading } from './loading.ts'
import { silent } from './server-fixture.ts'
import { startTestWarehouse } from './test-warehouse.ts'

const members = 600

test('figures of many keys are worked out through a proxy that takes addresses of 16 KiB, as Node\'s HTTP server does', async () => {
  const server = await startTestWarehouse()
  const proxy = await startHttpProxy(server.connection.url)
  const client = createWarehouseClient({ ...server.connection, url: proxy.url })
  try {
    await migrate({ client, connection: server.connection, logger: silent })
    await publishConfiguration(client, testBusinesses)
    const query = async (text: string) => await (await client.query({ query: text, format: 'JSONEachRow' })).json<Record<string, unknown>>()
    const loading = createLoading({ client, sink: clickHouseSink(client) })
    const raws = Array.from({ length: members }, (_, index) => {
      const name = `member-with-a-long-name-${index}`
      return nectorRaw('walletreward_create', { hash: name, lead_id: name, user_email: `${name}@example.com`, amount: 5, operation: 'cr', created_at: '2024-01-10T11:00:00Z' }, { delivery_id: name })
    })
    const records = raws.flatMap((raw) => transform(raw, { topic: 'raw', partition: 0, offset: 0 }, createSources(testBusinesses), 0).records)
    for (const topic of new Set(records.map(({ record }) => record))) await loading.load(topic, records.filter(({ record }) => record === topic).map((record) => encodeRecord(record, 0).value))
    await loading.workOut()
    expect(await query('SELECT toUInt32(count()) AS members, toFloat64(sum(lifetime_issued)) AS coins FROM analytics.coin_balances')).toEqual([{ members, coins: members * 5 }])
  } finally {
    await client.close()
    await proxy.close()
    await server.close()
  }
})
