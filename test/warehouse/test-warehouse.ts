import { createWarehouseClient, type WarehouseConnection } from '../../warehouse/clickhouse-client.ts'
import { newDataDir, removeDataDir, startTestServer } from './server-fixture.ts'

/** A server for one suite, without our databases. */
export interface TestWarehouse {
  readonly connection: WarehouseConnection
  close (): Promise<void>
}

/** Pinned, so that a run says the same tomorrow: the release line that the embedded server is of. */
const image = 'clickhouse/clickhouse-server:26.7'
const databases = ['landing', 'analytics', 'contacts'] as const
/** Says that tests made a database, and may drop it. */
const mark = 'made by the tests of loyalty-warehouse'

/**
 * The ClickHouse that suites about SQL run on: CLICKHOUSE_URL (with CLICKHOUSE_USER and CLICKHOUSE_PASSWORD), else Docker where
 * CLICKHOUSE_DOCKER=1 asks for it, else the embedded server. Suites about the embedded server itself, about server deaths and about
 * clusters start what they need in any case.
 *
 * At CLICKHOUSE_URL the names of our databases are fixed, so suites take turns (vitest.config.ts runs one at a time), each beginning
 * with databases of its own. One that tests did not make is never dropped: the suite fails and says so.
 */
export async function startTestWarehouse (): Promise<TestWarehouse> {
  const { CLICKHOUSE_URL: url, CLICKHOUSE_USER: user = 'default', CLICKHOUSE_PASSWORD: password = '', CLICKHOUSE_DOCKER: docker } = process.env
  if (url !== undefined && url !== '') {
    const connection = { url, user, password }
    await makeRoom(connection)
    return { connection, close: async () => { await dropOurs(connection) } }
  }
  if (docker === '1') return await startContainer()
  const dataDir = await newDataDir()
  const server = await startTestServer({ dataDir })
  return {
    connection: server,
    async close () {
      await server.close()
      await removeDataDir(dataDir)
    }
  }
}

async function startContainer (): Promise<TestWarehouse> {
  // Only here, as it looks for Docker when it is loaded.
  const { GenericContainer, Wait } = await import('testcontainers')
  const password = 'container-password'
  const container = await new GenericContainer(image)
    .withEnvironment({ CLICKHOUSE_USER: 'loyalty', CLICKHOUSE_PASSWORD: password, CLICKHOUSE_DEFAULT_ACCESS_MANAGEMENT: '1' })
    .withExposedPorts(8123)
    .withWaitStrategy(Wait.forHttp('/ping', 8123).forStatusCode(200))
    .start()
  return {
    connection: { url: `http://${container.getHost()}:${container.getMappedPort(8123)}`, user: 'loyalty', password },
    close: async () => { await container.stop() }
  }
}

async function existing (connection: WarehouseConnection): Promise<ReadonlyMap<string, string>> {
  const client = createWarehouseClient(connection)
  try {
    const answer = await client.query({ query: 'SELECT name, comment FROM system.databases', format: 'JSONEachRow' })
    return new Map((await answer.json<{ name: string, comment: string }>()).map(({ name, comment }) => [name, comment]))
  } finally {
    await client.close()
  }
}

async function dropOurs (connection: WarehouseConnection): Promise<void> {
  const comments = await existing(connection)
  const client = createWarehouseClient(connection)
  try {
    for (const name of databases) {
      if (comments.get(name) === mark) await client.command({ query: `DROP DATABASE ${name} SYNC` })
    }
  } finally {
    await client.close()
  }
}

/** Drops what earlier tests left behind and makes the databases under our mark. Rejects where one holds anything else. */
async function makeRoom (connection: WarehouseConnection): Promise<void> {
  const comments = await existing(connection)
  const foreign = databases.filter((name) => comments.has(name) && comments.get(name) !== mark)
  if (foreign.length > 0) throw new Error(`CLICKHOUSE_URL names a server with data that tests did not make (database ${foreign.join(', ')}): use another server for tests`)
  await dropOurs(connection)
  const client = createWarehouseClient(connection)
  try {
    for (const name of databases) await client.command({ query: `CREATE DATABASE ${name} COMMENT '${mark}'` })
  } finally {
    await client.close()
  }
}
