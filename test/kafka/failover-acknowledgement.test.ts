import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { loadGroup } from '../../schemas/topics.ts'
import { sayWhyItFailed } from '../e2e/deployment.ts'
import { ask } from '../warehouse/server-fixture.ts'
import { coordinatorOf } from './cluster-roles.ts'
import { type HttpProxy, startHttpProxy } from './http-proxy.ts'
import type { KafkaCluster } from './kafka-cluster.ts'
import { startKafkaDeployment, type KafkaDeployment } from './kafka-deployment.ts'
import { apiKeys, type KafkaProxy } from './kafka-proxy.ts'
import { describeWithKafkaCluster } from './require-kafka.ts'
import { startLoad } from './simulation-load.ts'

describeWithKafkaCluster('every accepted webhook once in analytics, none missing, of three Kafka nodes', (startCluster) => {
  let cluster: KafkaCluster
  let proxy: HttpProxy
  let deployment: KafkaDeployment
  beforeAll(async () => { cluster = await startCluster({ nodes: 3 }) })
  beforeEach(async () => {
    deployment = await startKafkaDeployment({
      brokers: cluster.proxiedBrokers,
      admins: cluster.brokers,
      copies: 3,
      settings: {},
      async warehouseUrl (url) {
        proxy = await startHttpProxy(url)
        return proxy.url
      }
    })
  })
  afterEach(async (context) => {
    sayWhyItFailed(context, deployment)
    await deployment?.remove()
    await proxy?.close()
  })
  afterAll(async () => { await cluster?.stop() })

  /** Loses the next reply of this kind of every one of these, and says that each has lost one. */
  async function lose (proxies: readonly KafkaProxy[], apiKey: number, then: 'close' | 'hang'): Promise<void> {
    const before = proxies.map(({ swallowed }) => swallowed)
    await Promise.all(proxies.map(async (one) => { await one.swallowNext(apiKey, then) }))
    expect(proxies.map(({ swallowed }, index) => swallowed - (before[index] ?? 0))).toEqual(proxies.map(() => 1))
  }

  test('each broker loses acknowledgements of records, once with the connection and once without, then of a commit and of fetches', async () => {
    const load = startLoad(deployment, { seed: 41, events: 4_000, rate: 120 })
    await load.loadMore(50)
    expect(load.ended).toBe(false)
    await lose(cluster.proxies, apiKeys.produce, 'close')
    await lose(cluster.proxies, apiKeys.produce, 'hang')
    const coordinator = await coordinatorOf(cluster, deployment.prefix + loadGroup)
    await lose(cluster.proxies.filter((_, index) => cluster.nodes[index] === coordinator), apiKeys.offsetCommit, 'hang')
    await lose(cluster.proxies, apiKeys.fetch, 'hang')
    await load.everythingOnce()
  })

  test('the answers to inserts that ClickHouse has made are lost: repeated under the same token, they add no row', async () => {
    const tables = ['raw_webhooks', 'receipts', 'coin_transactions', 'activities']
    const { url, user, password } = deployment.server
    for (const table of tables) expect(await ask(url, user, password, `SYSTEM STOP MERGES landing.${table}`)).toMatchObject({ status: 200 })
    const load = startLoad(deployment, { seed: 43, events: 2_500, rate: 120 })
    await load.loadMore(50)
    const statuses = await Promise.all(tables.map(async (table) => await proxy.swallowNext(`INSERT INTO landing.\`${table}\``)))
    expect(statuses).toEqual(tables.map(() => 200))
    expect(proxy.swallowed).toBe(tables.length)
    await load.everythingOnce()
    // without merges the tables hold every row that was ever inserted
    expect(await deployment.query('SELECT count() - uniqExact(raw_id) AS n FROM landing.raw_webhooks')).toEqual([{ n: 0 }])
    expect(await deployment.query('SELECT count() - uniqExact(raw_id) AS n FROM landing.receipts')).toEqual([{ n: 0 }])
  })
})
