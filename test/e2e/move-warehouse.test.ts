import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { packageRoot } from '../../runtime/package-root.ts'
import { createWarehouseClient } from '../../warehouse/clickhouse-client.ts'
import { migrate } from '../../warehouse/migrations/migrator.ts'
import { ask, newDataDir, removeDataDir, silent, startTestServer } from '../warehouse/server-fixture.ts'
import { loader, startComposeClickHouse } from './compose-clickhouse.ts'

/** The block of docs/operations.md that copies an embedded ClickHouse to a server. */
async function copyCommands (): Promise<string> {
  const [, block = ''] = /<!-- run by test\/e2e\/move-warehouse.test.ts -->\n\s*```sh\n([^]*?)```/.exec(await readFile(join(packageRoot, 'docs/operations.md'), 'utf8')) ?? []
  return block
}

test('an embedded ClickHouse moves to a server as docs/operations.md says, twice over without doubles, beside what is loaded there already', async () => {
  const dataDir = await newDataDir()
  const passwords = { CLICKHOUSE_PASSWORD: 'loader-password', BI_PASSWORD: 'bi-password' }
  const [old, server, folder] = await Promise.all([startTestServer({ dataDir }), startComposeClickHouse(passwords), mkdtemp(join(tmpdir(), 'loyalty-move-'))])
  const onOld = async (query: string): Promise<string> => (await ask(old.url, old.user, old.password, query)).text
  const onNew = async (query: string): Promise<string> => (await ask(server.url, loader, passwords.CLICKHOUSE_PASSWORD, query)).text
  try {
    for (const connection of [old, { url: server.url, user: loader, password: passwords.CLICKHOUSE_PASSWORD }]) {
      const client = createWarehouseClient(connection)
      await migrate({ client, logger: silent })
      await client.close()
    }
    // an order that both have, one that only the old has, one that only the new has
    const order = (number: number): string => `INSERT INTO landing.orders (event_id, business, record_key, source, topic, received_at, email_hash, identifiers, created_at, created_day, day, fiat_amount, counts_as_revenue, currency) VALUES ('00000000-0000-0000-0000-00000000000${number}', 'shop', 'order-${number}', 's', 'orders', '2026-01-31 00:00:00', 'h${number}', ['email:h${number}'], '2026-01-30 12:00:00', '2026-01-30', '2026-01-30', 10, true, 'INR')`
    for (const query of [order(1), order(2), "INSERT INTO landing.raw_webhooks (raw_id, source, body) SELECT generateUUIDv4(), 'shop', 'body' FROM numbers(1000)"]) expect(await onOld(query)).toBe('')
    for (const query of [order(2), order(3)]) expect(await onNew(query)).toBe('')

    await symlink(dataDir, join(folder, 'data-old'))
    const commands = (await copyCommands()).replace('127.0.0.1:8124', new URL(old.url).host).replace('clickhouse.example:9000', `127.0.0.1:${server.tcpPort}`).replace("'default'", `'${loader}'`)
    for (let run = 0; run < 2; run++) {
      await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', commands], { cwd: folder, env: { PATH: process.env['PATH'], CLICKHOUSE_PASSWORD: passwords.CLICKHOUSE_PASSWORD } })
    }

    expect(await onNew("SELECT arrayStringConcat(arraySort(groupArray(record_key)), ',') FROM (SELECT record_key FROM landing.orders FINAL)")).toBe('order-1,order-2,order-3')
    expect(await onNew('SELECT count() FROM landing.raw_webhooks FINAL')).toBe('1000')
    expect(await onNew('SELECT count() FROM landing.identifier_sets FINAL')).toBe('3')
    expect(await onNew('SELECT count() FROM analytics.orders')).toBe('3')

    // figures follow from events: what was copied with them is of one server each
    await writeFile(join(folder, 'config.json'), JSON.stringify({ businesses: [{ id: 'shop', currency: 'INR', coinValue: '1', timezone: 'UTC', nector: [{ id: 's', insecure: true }] }] }))
    const figures = async (command: string): Promise<string> => (await promisify(execFile)(process.execPath, [join(packageRoot, 'dist/cli/main.js'), 'figures', command], {
      cwd: folder, env: { PATH: process.env['PATH'], CONFIG_FILE: 'config.json', LOG_LEVEL: 'warn', CLICKHOUSE_URL: server.url, CLICKHOUSE_USER: loader, CLICKHOUSE_PASSWORD: passwords.CLICKHOUSE_PASSWORD }
    })).stdout
    await expect(figures('verify')).rejects.toMatchObject({ code: 1 })
    expect(await figures('rebuild')).toContain('worked out')
    expect(await figures('verify')).toContain('figures are what their events say')
    expect(await onNew('SELECT day, orders, revenue FROM analytics.order_daily')).toBe('2026-01-30\t3\t30')

    // and back, as the text says
    expect(await onOld(`INSERT INTO landing.orders SELECT * FROM remote('127.0.0.1:${server.tcpPort}', landing.orders, '${loader}', '${passwords.CLICKHOUSE_PASSWORD}')`)).toBe('')
    expect(await onOld('SELECT count() FROM landing.orders FINAL')).toBe('3')
  } finally {
    await old.close()
    await server.close()
    await removeDataDir(dataDir)
    await rm(folder, { recursive: true })
  }
})
