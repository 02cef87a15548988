import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { embeddedDeployment } from './embedded-deployment.ts'
import { sayWhyItFailed, sumOfMetric, type Deployment } from './deployment.ts'
import { eventually, sendNector } from './pipeline-process.ts'

let deployment: Deployment
let clock: string

beforeEach(async () => {
  clock = join(tmpdir(), `clock-${randomUUID()}`)
  const preload = new URL('stepping-clock.mjs', import.meta.url).href
  // so long that the clock is set while a batch waits for company
  deployment = await embeddedDeployment({ LOG_LEVEL: 'warn', NODE_OPTIONS: `--import ${preload}`, CLOCK_FILE: clock, LOAD_MAX_WAIT_MS: '1500' })
})
afterEach(async (context) => {
  sayWhyItFailed(context, deployment)
  await deployment?.killAll()
  await deployment?.remove()
})

async function setClock (stepMs: number): Promise<void> {
  await writeFile(`${clock}.next`, String(stepMs))
  await rename(`${clock}.next`, clock)
}

async function landed (coins: string): Promise<void> {
  await eventually(async () => { expect(await deployment.query(`SELECT count() AS n FROM landing.coin_transactions WHERE hash = '${coins}'`)).toEqual([{ n: 1 }]) })
}

const send = async (hash: string): Promise<void> => {
  expect((await sendNector(deployment.url, 'walletreward_create', { hash, lead_id: 'l', amount: 5, operation: 'cr', created_at: '2024-01-01T00:00:00Z' })).status).toBe(200)
}

test('a clock that steps back stops no stage: what waits for company goes when it is due, and the fault is reported', async () => {
  // with a wall clock as its deadline, a batch would wait for ten minutes, longer than `landed` does
  for (const [round, stepMs] of [-20_000, -600_000, -1_200_000].entries()) {
    await send(`before ${round}`)
    await setClock(stepMs)
    await landed(`before ${round}`)
    await send(`after ${round}`)
    await landed(`after ${round}`)
  }
  const metrics = await deployment.metrics()
  expect(sumOfMetric(metrics, 'loyalty_log_future_records_total{topic="coin_transactions",group="load"}')).toBeGreaterThan(0)
  await eventually(async () => { expect(deployment.output()).toContain('records have an arrival time in the future') })
  await deployment.stop()
  // what the log holds of the time before is in the future of the next run
  await setClock(-3_600_000)
  await deployment.start()
  await send('after a restart')
  await landed('after a restart')
}, 400_000)
