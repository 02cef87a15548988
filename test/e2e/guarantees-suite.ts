import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sendWebhooks } from '../../simulator/send/send-webhooks.ts'
import { sayWhyItFailed, type CreateDeployment, type Deployment } from './deployment.ts'
import { expectedFigures, expectSomethingOfEverything, figures } from './expected-figures.ts'
import { eventually, sendNector } from './pipeline-process.ts'
import { missingFromRaw, recorder, simulatedShop } from './simulated-load.ts'

/** The guarantees of every deployment; `more` are tests that hold only there. What kills or stops something for good has a deployment of its own. */
export function describeGuarantees (create: CreateDeployment, more: (deployment: () => Deployment) => void): void {
  describe('each on a deployment of its own:', () => { describeFailures(create, more) })
  describe('on one deployment:', () => { describeEvents(create) })
}

function describeFailures (create: CreateDeployment, more: (deployment: () => Deployment) => void): void {
  let deployment: Deployment
  beforeEach(async () => { deployment = await create({ LOG_LEVEL: 'warn' }) })
  afterEach(async (context) => {
    sayWhyItFailed(context, deployment)
    await deployment?.killAll()
    await deployment?.remove()
  })

  describe('kill -9 of every process in the middle of a simulation, then start', () => {
    test('durable before 200, nothing lost, nothing counted twice', async () => {
      const shop = simulatedShop(deployment, 11, 6000)
      const { accepted, note } = recorder()
      const sending = sendWebhooks(shop, { url: deployment.url, rate: 1200, onAccepted: note })
      for (const wait of [700, 1300, 900]) {
        await delay(wait)
        await deployment.killAll()
        await deployment.start()
      }
      const summary = await sending
      expect(summary.retries).toBeGreaterThan(0)

      expectSomethingOfEverything(shop.expected())
      await eventually(async () => { expect(await figures(deployment)).toEqual(expectedFigures(shop.expected())) })
      await eventually(async () => { expect(await missingFromRaw(deployment, accepted)).toEqual([]) })
      const [receipts] = await deployment.query('SELECT count() AS n FROM landing.raw_webhooks FINAL WHERE raw_id NOT IN (SELECT raw_id FROM landing.receipts)')
      expect(receipts).toEqual({ n: 0 })
    }, 180_000)
  })

  describe('an outage only delays', () => {
    test('ClickHouse is killed under load, and comes back by itself', async () => {
      const shop = simulatedShop(deployment, 12, 3000)
      const { accepted, note } = recorder()
      const sending = sendWebhooks(shop, { url: deployment.url, rate: 1000, onAccepted: note })
      for (const wait of [600, 1200]) {
        await delay(wait)
        await deployment.killWarehouse()
      }
      const summary = await sending
      // the log takes what the warehouse cannot
      expect(summary.retries).toBe(0)
      await eventually(async () => { expect(await figures(deployment)).toEqual(expectedFigures(shop.expected())) })
      await eventually(async () => { expect(await missingFromRaw(deployment, accepted)).toEqual([]) })
    })
  })

  more(() => deployment)
}

function describeEvents (create: CreateDeployment): void {
  let deployment: Deployment
  beforeAll(async () => { deployment = await create({ LOG_LEVEL: 'warn' }) })
  afterEach((context) => { sayWhyItFailed(context, deployment) })
  afterAll(async () => {
    await deployment?.killAll()
    await deployment?.remove()
  })

  test('after a stop in good order the next start goes on where it ended', async () => {
    const shop = simulatedShop(deployment, 13, 1500)
    await sendWebhooks(shop, { url: deployment.url })
    await deployment.stop()
    await deployment.start()
    await eventually(async () => { expect(await figures(deployment)).toEqual(expectedFigures(shop.expected())) })
  })

  test('a bad event hurts nobody else: it ends in dead_letters with its raw bytes, and the next ones are loaded', async () => {
    const senseless = Buffer.from('{"amount":"a lot","operation":"cr","hash":"h1"}')
    expect(await sendNector(deployment.url, 'walletreward_create', senseless, 'bad')).toMatchObject({ status: 200 })
    expect(await sendNector(deployment.url, 'walletreward_create', { amount: '5.5', operation: 'cr', hash: 'h2', lead_id: 'l', status: 'success' }, 'good')).toMatchObject({ status: 200 })
    await eventually(async () => {
      expect(await deployment.query("SELECT transaction_key, amount FROM analytics.coin_ledger WHERE transaction_key IN ('h1', 'h2')")).toEqual([{ transaction_key: 'h2', amount: '5.5' }])
      expect(await deployment.query('SELECT stage, code, reason, source, topic, delivery_id, log_topic, log_partition, payload FROM landing.dead_letters')).toEqual([{
        stage: 'transform', code: 'FIELD_INVALID', reason: 'amount: expected a decimal number that is not negative, got "a lot"', source: 'acme-nector', topic: 'walletreward_create', delivery_id: 'bad', log_topic: 'nector.raw', log_partition: expect.any(Number) as number, payload: senseless.toString()
      }])
    })
  })

  test('nothing unknown is dropped', async () => {
    await sendNector(deployment.url, 'festive_spin', { prize: 'tote', spin: { n: 3 } }, 'unknown')
    await eventually(async () => {
      expect(await deployment.query("SELECT topic, extra FROM landing.other_events WHERE topic = 'festive_spin'")).toEqual([{ topic: 'festive_spin', extra: { prize: 'tote', 'spin.n': '3' } }])
    })
  })
}
