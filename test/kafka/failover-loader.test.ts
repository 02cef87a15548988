import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { sayWhyItFailed } from '../e2e/deployment.ts'
import { eventually } from '../e2e/pipeline-process.ts'
import { expectAllAtWork } from './all-at-work.ts'
import { type HttpProxy, startHttpProxy } from './http-proxy.ts'
import type { KafkaCluster } from './kafka-cluster.ts'
import { startKafkaDeployment, type KafkaDeployment } from './kafka-deployment.ts'
import { describeWithKafkaCluster } from './require-kafka.ts'
import { startLoad } from './simulation-load.ts'

/** Who joins or leaves the loaders while inserts are under way, one after the other. */
const changes = [
  async (deployment: KafkaDeployment) => { await deployment.add('load') },
  async (deployment: KafkaDeployment) => { await deployment.take(oneLoader(deployment), 'SIGTERM') },
  async (deployment: KafkaDeployment) => { await deployment.take(oneLoader(deployment), 'SIGKILL') },
  async (deployment: KafkaDeployment) => { await deployment.add('load') }
]

function oneLoader (deployment: KafkaDeployment) {
  const [loader] = deployment.processes('load')
  if (loader === undefined) throw new Error('expected a loader')
  return loader
}

describeWithKafkaCluster('every accepted webhook once in analytics, none missing, of three Kafka nodes', (startCluster) => {
  let cluster: KafkaCluster
  let proxy: HttpProxy
  let deployment: KafkaDeployment
  beforeAll(async () => { cluster = await startCluster({ nodes: 3 }) })
  beforeEach(async () => {
    deployment = await startKafkaDeployment({
      brokers: cluster.brokers,
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

  test('a loader is added, told to stop, killed and added again while inserts are under way', async () => {
    const load = startLoad(deployment, { seed: 31, events: 6_000, rate: 120 })
    await load.loadMore(100)
    for (const change of changes) {
      expect(load.ended).toBe(false)
      // 1. ClickHouse has the rows, and the loaders do not know
      const hold = proxy.hold('INSERT INTO landing.`')
      await eventually(async () => { expect(hold.held).toBeGreaterThan(2) })
      // 2. the partitions are shared out anew: their next owners insert the same rows again, in other batches
      await change(deployment)
      await deployment.shared('load')
      hold.release()
    }
    await load.everythingOnce()
    await expectAllAtWork(deployment)
  })
})
