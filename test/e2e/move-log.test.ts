import { expect, test } from 'vitest'
import { ask } from '../warehouse/server-fixture.ts'
import { loader, startComposeClickHouse } from './compose-clickhouse.ts'
import { createHome, eventually, run, startPipeline } from './pipeline-process.ts'
import type { Home, Pipeline } from './pipeline-process.ts'

/** "From embedded to Kafka and back" of docs/operations.md with two embedded logs: what counts there is that two logs feed one ClickHouse. */
test('two logs drain into one ClickHouse at once: nothing lost, nothing counted twice', async () => {
  const passwords = { CLICKHOUSE_PASSWORD: 'loader-password', BI_PASSWORD: 'bi-password' }
  const server = await startComposeClickHouse(passwords)
  const warehouse = { CLICKHOUSE_URL: server.url, CLICKHOUSE_USER: loader, CLICKHOUSE_PASSWORD: passwords.CLICKHOUSE_PASSWORD, LOG_LEVEL: 'warn' }
  const [oldHome, newHome] = await Promise.all([createHome(warehouse), createHome(warehouse)])
  const started: Pipeline[] = []
  const start = async (home: Home, ...args: string[]): Promise<Pipeline> => {
    const pipeline = await startPipeline(home, ['start', ...args])
    started.push(pipeline)
    return pipeline
  }
  const figure = async (query: string): Promise<number> => Number((await ask(server.url, loader, passwords.CLICKHOUSE_PASSWORD, query)).text)
  const events = 'SELECT sum(n) FROM (SELECT count() AS n FROM landing.activities FINAL UNION ALL SELECT count() FROM landing.coin_transactions FINAL UNION ALL SELECT count() FROM landing.orders FINAL)'
  const webhooks = 'SELECT count() FROM landing.raw_webhooks FINAL'
  const accepted = async (adminUrl: string): Promise<number> => {
    const metrics = await (await fetch(`${adminUrl}/metrics`)).text()
    return [...metrics.matchAll(/^loyalty_ingest_accepted_total\S* (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0)
  }
  const drained = async (adminUrl: string): Promise<void> => {
    await eventually(async () => { expect([...(await (await fetch(`${adminUrl}/metrics`)).text()).matchAll(/^loyalty_log_lag_records\S* (\d+)$/gm)].filter(([, lag]) => lag !== '0')).toEqual([]) })
  }
  const simulate = async (home: Home, url: string, seed: number): Promise<void> => {
    expect(await run(home, ['simulate', '--events', '400', '--seed', String(seed), '--until', '2026-01-31T00:00:00Z', '--url', url]).ended).toBe(0)
  }

  try {
    // 1. the old one has accepted what is not loaded yet
    const old = await start(oldHome, '--roles', 'ingest,transform')
    await simulate(oldHome, old.url, 1)
    await simulate(oldHome, old.url, 2)
    const ofOld = await accepted(old.adminUrl)

    // 2. the vendors send to the new one, part of it what the old one has as well
    const next = await start(newHome)
    await simulate(newHome, next.url, 2)
    await simulate(newHome, next.url, 3)
    const ofNew = await accepted(next.adminUrl)
    await drained(next.adminUrl)
    expect(await figure(webhooks)).toBe(ofNew)
    const withoutFirst = await figure(events)

    // 3. the old one drains beside it
    const draining = await start(oldHome, '--roles', 'load')
    await drained(draining.adminUrl)
    await eventually(async () => { expect(await figure(webhooks)).toBe(ofOld + ofNew) })
    const all = await figure(events)
    expect(all).toBeGreaterThan(withoutFirst)

    // what the new one gets once more changes no figure
    await simulate(newHome, next.url, 1)
    await drained(next.adminUrl)
    expect(await figure(events)).toBe(all)
  } finally {
    await Promise.all(started.map(async (pipeline) => await pipeline.stop()))
    await server.close()
    await Promise.all([oldHome.remove(), newHome.remove()])
  }
}, 300_000)
