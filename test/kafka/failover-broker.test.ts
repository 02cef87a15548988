import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { loadGroup, rawTopic } from '../../schemas/topics.ts'
import { sayWhyItFailed } from '../e2e/deployment.ts'
import { eventually, sendNector } from '../e2e/pipeline-process.ts'
import { coordinatorOf, leaderOf } from './cluster-roles.ts'
import type { KafkaCluster } from './kafka-cluster.ts'
import { startKafkaDeployment, type KafkaDeployment } from './kafka-deployment.ts'
import { describeWithKafkaCluster } from './require-kafka.ts'
import { startLoad } from './simulation-load.ts'

const frozenMs = 45_000

describeWithKafkaCluster('every accepted webhook once in analytics, none missing, of three Kafka nodes', (startCluster) => {
  let cluster: KafkaCluster
  let deployment: KafkaDeployment
  beforeAll(async () => { cluster = await startCluster({ nodes: 3 }) })
  beforeEach(async () => { deployment = await startKafkaDeployment({ brokers: cluster.brokers, copies: 3, settings: {} }) })
  afterEach(async (context) => {
    sayWhyItFailed(context, deployment)
    await deployment?.remove()
  })
  afterAll(async () => { await cluster?.stop() })

  const rawOfNector = (): string => deployment.prefix + rawTopic.nector

  test('a leader and then a group coordinator are killed under load, and come back', async () => {
    // long enough to go on through both deaths: each costs the group a session time-out and the elections
    const load = startLoad(deployment, { seed: 21, events: 4_500, rate: 50 })
    await load.loadMore(100)
    for (const find of [async () => await leaderOf(cluster, rawOfNector()), async () => await coordinatorOf(cluster, deployment.prefix + loadGroup)]) {
      const node = await find()
      expect(load.ended).toBe(false)
      await node.kill()
      await load.acceptMore(200)
      await load.loadMore(200)
      await node.restart()
    }
    await load.everythingOnce()
  })

  test('a leader is frozen for 45 s under load', async () => {
    const load = startLoad(deployment, { seed: 22, events: 7_000, rate: 120 })
    await load.loadMore(100)
    const node = await leaderOf(cluster, rawOfNector())
    expect(load.ended).toBe(false)
    await node.freeze()
    const over = sleep(frozenMs)
    // the others go on without it, before it wakes
    await load.acceptMore(200)
    await load.loadMore(200)
    await over
    await node.thaw()
    await load.acceptMore(200)
    await load.everythingOnce()
  })

  test('all of them are away: 503 with Retry-After, and when they are back everything is caught up', async () => {
    const load = startLoad(deployment, { seed: 23, events: 2_000, rate: 120 })
    await load.loadMore(100)
    expect(load.ended).toBe(false)
    await Promise.all(cluster.nodes.map(async (node) => { await node.kill() }))
    expect(await sendNector(deployment.url, 'festive_spin', { n: 1 })).toMatchObject({ status: 503, retryAfter: '5', body: expect.stringContaining('"LOG_UNAVAILABLE"') as string })
    expect((await fetch(`${deployment.url}/readyz`)).status).toBe(503)
    expect((await fetch(`${deployment.url}/livez`)).status).toBe(200)
    await Promise.all(cluster.nodes.map(async (node) => { await node.restart() }))
    await eventually(async () => { expect((await fetch(`${deployment.url}/readyz`)).status).toBe(200) })
    const { retries } = await load.everythingOnce()
    expect(retries).toBeGreaterThan(0)
  })
})
