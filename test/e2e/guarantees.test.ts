import { createServer } from 'node:net'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { hash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createShop } from '../../cli/simulation/create-shop.ts'
import { sendWebhooks } from '../../cli/simulation/send-webhooks.ts'
import type { SimulatedWebhook } from '../../cli/simulation/webhook.ts'
import { readConfig } from '../../runtime/config.ts'
import { expectedFigures, expectSomethingOfEverything, figures } from './expected-figures.ts'
import { createHome, eventually, sendNector, startPipeline, type Home, type Pipeline, type Sent } from './pipeline-process.ts'

let home: Home
let pipeline: Pipeline

beforeEach(async () => {
  // A port that stays the same over restarts, as it would be for a vendor.
  home = await createHome({ HTTP_PORT: String(await freePort()), LOG_LEVEL: 'warn' })
  pipeline = await startPipeline(home)
})

afterEach(async () => {
  await pipeline.killAll()
  await home.remove()
})

async function freePort (): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const address = server.address()
  await new Promise((resolve) => { server.close(resolve) })
  return typeof address === 'object' && address !== null ? address.port : 0
}

function simulatedShop (seed: number, events: number): ReturnType<typeof createShop> {
  const config = readConfig({ ...home.environment, CONFIG_FILE: `${home.folder}/loyalty.config.json` })
  const endAt = Date.UTC(2026, 5, 30)
  return createShop({ config, seed, startAt: endAt - 30 * 24 * 3_600_000, endAt, events })
}

/** Accepted bodies and how often each was accepted. */
function recorder (): { readonly accepted: Map<string, number>, readonly note: (webhook: { readonly body: SimulatedWebhook['body'] | Buffer }) => void } {
  const accepted = new Map<string, number>()
  return {
    accepted,
    note ({ body }) {
      const name = hash('sha256', body)
      accepted.set(name, (accepted.get(name) ?? 0) + 1)
    }
  }
}

async function missingFromRaw (accepted: ReadonlyMap<string, number>): Promise<string[]> {
  const rows = await pipeline.query('SELECT lower(hex(SHA256(body))) AS body, count() AS n FROM landing.raw_webhooks FINAL GROUP BY body')
  const loaded = new Map(rows.map(({ body, n }) => [String(body), Number(n)]))
  return [...accepted].filter(([body, times]) => (loaded.get(body) ?? 0) < times).map(([body]) => body)
}

describe('kill -9 of every process in the middle of a simulation, then start', () => {
  test('durable before 200, nothing lost, nothing counted twice', async () => {
    const shop = simulatedShop(11, 6000)
    const { accepted, note } = recorder()
    const sending = sendWebhooks(shop, { url: pipeline.url, rate: 1200, onAccepted: note })
    for (const wait of [700, 1300, 900]) {
      await delay(wait)
      await pipeline.killAll()
      pipeline = await startPipeline(home)
    }
    const summary = await sending
    expect(summary.retries).toBeGreaterThan(0)

    expectSomethingOfEverything(shop.expected())
    await eventually(async () => { expect(await figures(pipeline)).toEqual(expectedFigures(shop.expected())) })
    await eventually(async () => { expect(await missingFromRaw(accepted)).toEqual([]) })
    const [receipts] = await pipeline.query('SELECT count() AS n FROM landing.raw_webhooks FINAL WHERE raw_id NOT IN (SELECT raw_id FROM landing.receipts)')
    expect(receipts).toEqual({ n: 0 })
  })
})

describe('an outage only delays', () => {
  test('ClickHouse is killed under load, and comes back by itself', async () => {
    const shop = simulatedShop(12, 3000)
    const { accepted, note } = recorder()
    const sending = sendWebhooks(shop, { url: pipeline.url, rate: 1000, onAccepted: note })
    for (const wait of [600, 1200]) {
      await delay(wait)
      process.kill(await clickHousePid(), 'SIGKILL')
    }
    const summary = await sending
    // the log takes what the warehouse cannot
    expect(summary.retries).toBe(0)
    await eventually(async () => { expect(await figures(pipeline)).toEqual(expectedFigures(shop.expected())) })
    await eventually(async () => { expect(await missingFromRaw(accepted)).toEqual([]) })
  })
})

test('after a stop in good order the next start goes on where it ended', async () => {
  const shop = simulatedShop(13, 1500)
  await sendWebhooks(shop, { url: pipeline.url })
  expect(await pipeline.stop()).toBe(0)
  pipeline = await startPipeline(home)
  await eventually(async () => { expect(await figures(pipeline)).toEqual(expectedFigures(shop.expected())) })
})

test('a bad event hurts nobody else: it ends in dead_letters with its raw bytes, and the next ones are loaded', async () => {
  const senseless = Buffer.from('{"amount":"a lot","operation":"cr","hash":"h1"}')
  expect(await sendNector(pipeline.url, 'walletreward_create', senseless, 'bad')).toMatchObject({ status: 200 })
  expect(await sendNector(pipeline.url, 'walletreward_create', { amount: '5.5', operation: 'cr', hash: 'h2', lead_id: 'l', status: 'success' }, 'good')).toMatchObject({ status: 200 })
  await eventually(async () => {
    expect(await pipeline.query('SELECT transaction_key, amount FROM analytics.coin_ledger')).toEqual([{ transaction_key: 'h2', amount: '5.5' }])
    expect(await pipeline.query('SELECT stage, code, reason, source, topic, delivery_id, log_topic, log_partition, payload FROM landing.dead_letters')).toEqual([{
      stage: 'transform', code: 'FIELD_INVALID', reason: 'amount: expected a decimal number that is not negative, got "a lot"', source: 'acme-nector', topic: 'walletreward_create', delivery_id: 'bad', log_topic: 'nector.raw', log_partition: 0, payload: senseless.toString()
    }])
  })
})

test('nothing unknown is dropped', async () => {
  await sendNector(pipeline.url, 'festive_spin', { prize: 'tote', spin: { n: 3 } }, 'unknown')
  await eventually(async () => {
    expect(await pipeline.query('SELECT topic, extra FROM landing.other_events')).toEqual([{ topic: 'festive_spin', extra: { prize: 'tote', 'spin.n': '3' } }])
  })
})

test('a full backlog is refused with 503, and the same process takes in again once others have drained it', async () => {
  expect(await pipeline.stop()).toBe(0)
  const small = { ...home, environment: { ...home.environment, BACKLOG_LIMIT_BYTES: '200000' } }
  const ingest = await startPipeline(small, ['start', '--roles', 'ingest'])
  try {
    const { accepted, note } = recorder()
    let sent = 0
    const send = async (): Promise<Sent> => {
      const body = Buffer.from(JSON.stringify({ n: sent++, filler: 'x'.repeat(2000) }))
      const answer = await sendNector(ingest.url, 'festive_spin', body)
      if (answer.status === 200) note({ body })
      return answer
    }

    let last = await send()
    for (let n = 1; last.status === 200 && n < 500; n++) last = await send()
    expect(last).toMatchObject({ status: 503, retryAfter: '30', body: expect.stringContaining('"LOG_BACKLOG_FULL"') as string })
    expect(accepted.size).toBeGreaterThan(50)
    expect((await send()).status).toBe(503)

    pipeline = await startPipeline(small, ['start', '--roles', 'transform,load'])
    await eventually(async () => { expect((await send()).status).toBe(200) })
    await eventually(async () => { expect(await missingFromRaw(accepted)).toEqual([]) })
  } finally {
    await ingest.killAll()
  }
})

async function clickHousePid (): Promise<number> {
  const children = (await readFile(`/proc/${pipeline.child.pid}/task/${pipeline.child.pid}/children`, 'utf8')).split(' ').filter((part) => part !== '')
  const [pid] = children.map(Number)
  if (pid === undefined) throw new Error('expected the pipeline to have a child')
  return pid
}
