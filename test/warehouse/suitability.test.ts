import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer, request as httpRequest, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openWarehouse } from '../../app/open-warehouse.ts'
import { settingsSchema } from '../../config/settings.ts'
import { createWarehouseClient, type WarehouseConnection } from '../../warehouse/clickhouse-client.ts'
import { claimPorts } from '../../warehouse/embedded/free-ports.ts'
import { migrate, type MigrateResult } from '../../warehouse/migrations/migrator.ts'
import { startBareServer, type BareServer } from './bare-server.ts'
import { newDataDir, removeDataDir, silent } from './server-fixture.ts'

const file = (name: string): string => join(import.meta.dirname, 'tls', name)
const certificate = readFileSync(file('certificate.pem'))
const key = readFileSync(file('key.pem'))

const limitedUser = (name: string, profile: string, grants: readonly string[]): string =>
  `<${name}><password>secret</password><networks><ip>127.0.0.1</ip></networks><profile>${profile}</profile><quota>default</quota><grants>${grants.map((grant) => `<query>${grant}</query>`).join('')}</grants></${name}>`
const profiles = '<strict><readonly>1</readonly></strict><reading><readonly>2</readonly></reading>'

let dataDir: string
let server: BareServer
beforeAll(async () => {
  dataDir = await newDataDir()
  const users = limitedUser('strict', 'strict', ['GRANT ALL ON *.*']) + limitedUser('reading', 'reading', ['GRANT ALL ON *.*']) + limitedUser('limited', 'default', ['GRANT SELECT ON landing.*', 'GRANT CREATE VIEW ON analytics.*'])
  const ports = await claimPorts({ http: 0, tcp: 0 }, 0)
  const config = {
    remote_servers: {
      main: { shard: { replica: { host: '127.0.0.1', port: ports.tcp, user: 'loyalty', password: 'bare-server-password' } } }
    },
    macros: { shard: 1, replica: 'first' }
  }
  server = await startBareServer({ path: join(dataDir, 'one'), ports, users, profiles, config })
})
afterAll(async () => {
  await server.close()
  await removeDataDir(dataDir)
})

const listeners: Server[] = []
afterEach(() => { for (const listener of listeners.splice(0)) listener.close() })

async function listening (listener: Server, host = '127.0.0.1'): Promise<number> {
  listeners.push(listener.listen(0, host))
  await once(listener, 'listening')
  return (listener.address() as AddressInfo).port
}

async function run (changes: Partial<WarehouseConnection>): Promise<MigrateResult> {
  const connection = { url: server.url, user: server.user, password: server.password, ...changes }
  const client = createWarehouseClient(connection, { requestTimeoutMs: 10_000 })
  try {
    return await migrate({ client, connection, logger: silent })
  } finally {
    await client.close()
  }
}

async function refusal (changes: Partial<WarehouseConnection>): Promise<string> {
  const error = await run(changes).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'WAREHOUSE_UNSUITABLE', retryable: false })
  return (error as Error).message
}

test('a wrong password, a user that is not there', async () => {
  expect(await refusal({ password: 'wrong' })).toMatch(/127\.0\.0\.1:\d+: expected a user and password that it knows.*CLICKHOUSE_PASSWORD/)
  expect(await refusal({ user: 'nobody' })).toContain('CLICKHOUSE_USER')
})

test('a user who may not change settings, or may only read', async () => {
  expect(await refusal({ user: 'strict', password: 'secret' })).toMatch(/readonly = 1.*readonly = 0/)
  expect(await refusal({ user: 'reading', password: 'secret' })).toMatch(/readonly = 2.*readonly = 0/)
})

test('a cluster that the server does not know, and one without Keeper', async () => {
  expect(await refusal({ cluster: 'nowhere' })).toContain('expected CLICKHOUSE_CLUSTER to be one of main, got nowhere')
  expect(await refusal({ cluster: 'main' })).toContain('Keeper')
})

test.each(['24.8.14.39', '25.2.9.1'])('a server of %s', async (version) => {
  const answer: RequestListener = (request, response) => {
    request.resume()
    response.end(JSON.stringify({ version, readonly: '0' }) + '\n')
  }
  const port = await listening(createHttpServer(answer))
  expect(await refusal({ url: `http://127.0.0.1:${port}` })).toContain(`expected ClickHouse 25.3 or later, got ${version}`)
})

test('rights that are missing are named as the statements that grant them, and these are enough', async () => {
  const message = await refusal({ user: 'limited', password: 'secret' })
  expect(message).toContain('GRANT INSERT ON landing.* TO `limited`;')
  await run({})
  // A warehouse of one server does not become one of a cluster by a setting.
  expect(await refusal({ cluster: 'main' })).toMatch(/expected landing\.migration_lock to be a Distributed table, as CLICKHOUSE_CLUSTER is main, got the engine MergeTree: unset CLICKHOUSE_CLUSTER/)
  // With everything applied, loading needs less.
  expect(await refusal({ user: 'limited', password: 'secret' })).toMatch(/: GRANT INSERT ON landing\.\* TO `limited`;$/)

  const other = await startBareServer({ path: join(dataDir, 'two'), ports: await claimPorts({ http: 0, tcp: 0 }, 0), users: limitedUser('limited', 'default', ['GRANT SELECT, INSERT ON landing.*']) })
  try {
    const rest = await refusal({ url: other.url, user: 'limited', password: 'secret' })
    expect(rest).toContain('GRANT CREATE DATABASE, CREATE TABLE, DROP TABLE, ALTER TABLE, CREATE VIEW, DROP VIEW ON landing.* TO `limited`;')
    const grants = [...rest.matchAll(/GRANT [^;]+(?= TO)/g)].map(([grant]) => grant)
    await other.close()
    const granted = await startBareServer({ path: join(dataDir, 'three'), ports: await claimPorts({ http: 0, tcp: 0 }, 0), users: limitedUser('limited', 'default', ['GRANT SELECT, INSERT ON landing.*', ...grants]) })
    try {
      expect((await run({ url: granted.url, user: 'limited', password: 'secret' })).applied.length).toBeGreaterThan(0)
    } finally {
      await granted.close()
    }
  } finally {
    await other.close()
  }
})

test('a user who may not see clusters and macros, where the server asks for that right', async () => {
  const ports = await claimPorts({ http: 0, tcp: 0 }, 0)
  const config = {
    access_control_improvements: { select_from_system_db_requires_grant: 'true' },
    remote_servers: { main: { shard: { replica: { host: '127.0.0.1', port: ports.tcp, user: 'loyalty', password: 'bare-server-password' } } } },
    macros: { shard: 1, replica: 'first' }
  }
  const all = ['GRANT SELECT, INSERT ON landing.*', 'GRANT CLUSTER, REMOTE ON *.*', 'GRANT SELECT ON system.settings', 'GRANT SELECT ON system.tables']
  const users = limitedUser('blind', 'default', all) + limitedUser('seeing', 'default', [...all, 'GRANT SELECT ON system.clusters'])
  const strict = await startBareServer({ path: join(dataDir, 'strict'), ports, users, config })
  try {
    expect(await refusal({ url: strict.url, user: 'blind', password: 'secret', cluster: 'main' })).toContain('GRANT ON CLUSTER `main` SELECT ON system.clusters TO `blind`;')
    expect(await refusal({ url: strict.url, user: 'seeing', password: 'secret', cluster: 'main' })).toContain('GRANT ON CLUSTER `main` SELECT ON system.macros TO `seeing`;')
  } finally {
    await strict.close()
  }
})

describe('TLS', () => {
  /** Ends TLS before the real server. */
  async function startTlsProxy (host = '127.0.0.1'): Promise<number> {
    const { port, hostname } = new URL(server.url)
    return await listening(createHttpsServer({ key, cert: certificate }, (incoming, response) => {
      const outgoing = httpRequest({ host: hostname, port, method: incoming.method, path: incoming.url, headers: { ...incoming.headers, connection: 'close' } }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(response)
      })
      outgoing.on('error', () => response.destroy())
      incoming.pipe(outgoing)
    }), host)
  }

  test('a self-signed certificate is refused with the setting that would help, and taken with it', async () => {
    const url = `https://127.0.0.1:${await startTlsProxy()}`
    expect(await refusal({ url })).toMatch(/self-signed: set CLICKHOUSE_CA_FILE/)
    const { connection } = await openWarehouse(settingsSchema.parse({ CLICKHOUSE_URL: url, CLICKHOUSE_USER: server.user, CLICKHOUSE_PASSWORD: server.password, CLICKHOUSE_CA_FILE: file('certificate.pem') }), silent)
    await expect(run(connection)).resolves.toBeDefined()
  })

  test('a certificate of another host', async () => {
    expect(await refusal({ url: `https://127.0.0.2:${await startTlsProxy('127.0.0.2')}`, caCertificate: certificate.toString() })).toContain('another host name')
  })

  test('http to a port of HTTPS, https to one of HTTP', async () => {
    expect(await refusal({ url: `http://127.0.0.1:${await startTlsProxy()}` })).toContain('expected plain HTTP, got TLS')
    expect(await refusal({ url: server.url.replace('http:', 'https:') })).toContain('expected TLS, got something else')
  })

  test('a file that is no certificate', async () => {
    for (const name of ['nowhere.pem', 'README.md']) {
      const settings = settingsSchema.parse({ CLICKHOUSE_URL: 'https://127.0.0.1:1', CLICKHOUSE_CA_FILE: file(name) })
      await expect(openWarehouse(settings, silent)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    }
  })
})

test('what may pass by itself is waited for: nobody there, a hang-up, an answer that does not come', async () => {
  const rude = await listening(createHttpServer((request) => { request.socket.destroy() }))
  for (const url of ['http://127.0.0.1:1', 'https://127.0.0.1:1', `http://127.0.0.1:${rude}`]) {
    await expect(run({ url }), url).rejects.toMatchObject({ code: 'WAREHOUSE_UNAVAILABLE', retryable: true })
  }
})
