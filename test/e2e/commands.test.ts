import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ReadyFile } from '../../app/ready-file.ts'
import { ask } from '../warehouse/server-fixture.ts'
import { createHome, eventually, run, startPipeline, type Home, printed } from './pipeline-process.ts'

let home: Home
beforeEach(async () => {
  home = await createHome({ LOG_LEVEL: 'warn', BI_PASSWORD: '' })
})
afterEach(async () => { await home.remove() })

const configOf = (folder: string): Promise<string> => readFile(join(folder, 'loyalty.config.json'), 'utf8')

async function outputOf (args: readonly string[], changes: Readonly<Record<string, string>> = {}): Promise<{ code: number | null, output: string }> {
  const process = run({ ...home, environment: { ...home.environment, ...changes } }, args)
  return { code: await process.ended, output: process.output() }
}

describe('the first start', () => {
  test('writes a configuration, prints its secrets once, and answers queries of simulated events', async () => {
    await rm(join(home.folder, 'loyalty.config.json'))
    const pipeline = await startPipeline(home)
    const { businesses: [shop] } = JSON.parse(await configOf(home.folder)) as { businesses: Array<{ nector: [{ secrets: [string] }], netcore: [{ tokens: [string] }] }> }
    await printed(pipeline)
    expect(pipeline.output()).toContain(shop?.nector[0].secrets[0])
    expect(pipeline.output()).toContain(`/webhooks/netcore/my-shop-netcore?token=${shop?.netcore[0].tokens[0]}`)
    expect((await stat(join(home.folder, 'loyalty.config.json'))).mode & 0o777).toBe(0o600)

    const simulated = await outputOf(['simulate', '--events', '300', '--url', pipeline.url])
    expect(simulated).toMatchObject({ code: 0 })
    const password = (await readFile(join(home.folder, 'data/bi-password'), 'utf8')).trim()
    await eventually(async () => {
      const answer = await ask(pipeline.clickHouseUrl, 'bi', password, 'SELECT count() FROM analytics.activities')
      expect(Number(answer.text)).toBeGreaterThan(0)
    })
    expect(await pipeline.stop()).toBe(0)

    const again = await startPipeline(home)
    await printed(again)
    expect(again.output()).not.toContain(shop?.nector[0].secrets[0])
    expect(again.output()).not.toContain(shop?.netcore[0].tokens[0])
    expect(await again.stop()).toBe(0)
  })

  test('READY_FILE holds its addresses for its owner alone, replaces that of a killed process, and goes with the process', async () => {
    const readyFile = join(home.folder, 'ready.json')
    await writeFile(readyFile, '{"pid":1}')
    const own = { ...home, environment: { ...home.environment, READY_FILE: readyFile } }
    const ingest = run(own, ['start', '--roles', 'ingest'])
    const ready = await eventually(async () => {
      const content = JSON.parse(await readFile(readyFile, 'utf8')) as ReadyFile
      expect(content.pid).not.toBe(1)
      return content
    })
    expect(ready).toEqual({ pid: ingest.child.pid, roles: ['ingest'], webhooks: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string, admin: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string, clickHouse: null })
    expect((await stat(readyFile)).mode & 0o777).toBe(0o600)
    expect((await fetch(`${ready.webhooks}/readyz`)).status).toBe(200)
    expect((await fetch(`${ready.admin}/readyz`)).status).toBe(200)
    ingest.child.kill('SIGTERM')
    expect(await ingest.ended).toBe(0)
    await expect(stat(readyFile)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('a port that is taken is told by the name of its setting', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
    const address = server.address()
    const port = String(typeof address === 'object' ? address?.port : '')
    for (const setting of ['HTTP_PORT', 'ADMIN_PORT', 'CLICKHOUSE_HTTP_PORT']) {
      const { code, output } = await outputOf(['start'], { [setting]: port })
      expect(code, setting).toBe(1)
      expect(output).toMatch(new RegExp(`loyalty-warehouse: .*${setting}`))
      expect(output).not.toContain('    at ')
    }
    await new Promise((resolve) => { server.close(resolve) })
  })
})

describe('check-config', () => {
  test('says what is there', async () => {
    const { code, output } = await outputOf(['check-config'])
    expect(code).toBe(0)
    expect(output).toContain('nector  acme-nector: 1 secret, HMAC enforce')
    expect(output).toContain('funnel  purchase: product_search → add_to_cart → checkout → purchase')
  })

  test('names the engines, without credentials', async () => {
    const { output } = await outputOf(['check-config'], { KAFKA_BROKERS: 'kafka-1:9092, kafka-2:9092', KAFKA_SASL_MECHANISM: 'plain', KAFKA_USERNAME: 'user', KAFKA_PASSWORD: 'hidden', CLICKHOUSE_URL: 'https://user:hidden@clickhouse:8443', CLICKHOUSE_CLUSTER: 'main' })
    expect(output).toContain('log        Kafka at kafka-1:9092, kafka-2:9092, no TLS, plain')
    expect(output).toContain('warehouse  ClickHouse at https://clickhouse:8443, cluster main')
    expect(output).not.toContain('hidden')
  })

  test('lists every problem and fails', async () => {
    await writeFile(join(home.folder, 'loyalty.config.json'), '{"businesses":[]}')
    const { code, output } = await outputOf(['check-config'], { HTTP_PORT: 'eighty' })
    expect(code).toBe(1)
    expect(output).toMatch(/the configuration has 2 problems:\n {2}- HTTP_PORT: .*\n {2}- .*businesses: /)
  })
})

test('migrate brings a warehouse up, and a second time finds nothing to do', async () => {
  expect(await outputOf(['migrate'])).toMatchObject({ code: 0, output: expect.stringMatching(/^\d+ migrations and \d+ views applied, configuration published\n/) as string })
  expect(await outputOf(['migrate'])).toMatchObject({ code: 0, output: '0 migrations and 0 views applied, configuration unchanged\n' })
})

test('roles run in processes of their own', async () => {
  const ingest = await startPipeline(home, ['start', '--roles', 'ingest'])
  await printed(ingest)
  expect(ingest.output()).not.toContain('ClickHouse')
  const simulated = outputOf(['simulate', '--events', '200', '--url', ingest.url])
  const others = await startPipeline(home, ['start', '--roles', 'transform,load'])
  await printed(others)
  expect(others.output()).not.toContain('/webhooks/')
  expect((await simulated).code).toBe(0)
  await eventually(async () => {
    const [row] = await others.query('SELECT count() AS raw, (SELECT count() FROM landing.receipts FINAL) AS receipts FROM landing.raw_webhooks FINAL')
    expect(Number(row?.['raw'])).toBeGreaterThan(50)
    expect(row?.['receipts']).toBe(row?.['raw'])
  })
  expect(await others.stop()).toBe(0)
  expect(await ingest.stop()).toBe(0)
})

test('a role that is not known is told with those that are', async () => {
  expect(await outputOf(['start', '--roles', 'ingest,loads'])).toMatchObject({ code: 1, output: expect.stringContaining('expected some of ingest, transform, load, dashboard, got loads') as string })
})

test('demo keeps to a folder of its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loyalty-demo-'))
  const demo = await startPipeline({ ...home, folder }, ['demo']).catch(async (error: unknown) => {
    await rm(folder, { recursive: true })
    throw error
  })
  await printed(demo)
  expect(demo.output()).toContain('my-shop-nector')
  await eventually(async () => { expect(demo.output()).toContain('The past is filled.') })
  await eventually(async () => {
    const password = (await readFile(join(folder, 'data-demo/clickhouse-password'), 'utf8')).trim()
    expect(Number((await ask(demo.clickHouseUrl, 'loyalty', password, 'SELECT count() FROM landing.activities')).text)).toBeGreaterThan(1000)
  })
  expect(await demo.stop()).toBe(0)
  await rm(folder, { recursive: true })
})
