import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { WarehouseConnection } from '../../warehouse/clickhouse-client.ts'
import { claimPorts, loopback } from '../../warehouse/embedded/free-ports.ts'
import { startBareServer } from './bare-server.ts'
import { ask, newDataDir, removeDataDir } from './server-fixture.ts'

/** Two shards of one replica each. */
export interface TestCluster {
  readonly connection: WarehouseConnection & { readonly cluster: string }
  /** The servers themselves, a shard each. */
  readonly shards: readonly WarehouseConnection[]
  /** Every ON CLUSTER statement, as it was sent. */
  readonly statements: string[]
  close (): Promise<void>
}

export const clusterName = 'main'
const user = 'loyalty'
const password = 'bare-server-password'

/**
 * The embedded ClickHouse lacks two parts of a cluster: the queue that carries ON CLUSTER statements to every server, and the port over which
 * replicas fetch from each other, without which a replicated table can be created but takes no row. So a proxy stands before the
 * first shard, and takes the part of that queue: it has the server parse an ON CLUSTER statement as it is, then runs it at every shard
 * without ON CLUSTER and with the engine under `Replicated…`. All else is real: two servers, Distributed tables, the sink, the views.
 */
export function withoutReplication (statement: string): string {
  return withoutOnCluster(statement)
    .replace(/Replicated(\w*MergeTree)\('[^']*', '\{replica\}'(?:, )?/, '$1(')
    .replace(/replicated_deduplication_window = \d+, replicated_deduplication_window_seconds = \d+/, 'non_replicated_deduplication_window = 1000')
}

export function withoutOnCluster (statement: string): string {
  return statement.replace(` ON CLUSTER \`${clusterName}\``, '')
}

export async function startTestCluster (): Promise<TestCluster> {
  const dataDir = await newDataDir()
  const ports = [await claimPorts({ http: 0, tcp: 0 }, 0), await claimPorts({ http: 0, tcp: 0 }, 0)]
  const shards = await Promise.all(ports.map(async (own, index) => await startBareServer({
    path: join(dataDir, `shard-${index + 1}`),
    ports: own,
    config: {
      // A Keeper inside each process: enough to create replicated tables.
      zookeeper: { implementation: 'testkeeper' },
      macros: { shard: index + 1, replica: 'first' },
      remote_servers: { [clusterName]: { shard: ports.map(({ tcp }) => ({ internal_replication: 'true', replica: { host: loopback, port: tcp, user, password } })) } }
    }
  })))

  const statements: string[] = []
  // The server's own keep-alive is the one that counts.
  const proxy = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    void (async () => {
      const url = `${shards[0]?.url ?? ''}${request.url ?? ''}`
      const headers = Object.entries(request.headers).filter(([name]) => !['host', 'connection', 'transfer-encoding', 'content-length'].includes(name)).map(([name, value]): [string, string] => [name, String(value)])
      const body: Buffer[] = []
      for await (const chunk of request) body.push(chunk as Buffer)
      const sent = Buffer.concat(body)
      const everywhere = !/[?&]query=/.test(url) && sent.includes(` ON CLUSTER \`${clusterName}\``)
      if (everywhere) {
        statements.push(sent.toString())
        const parsed = await ask(shards[0]?.url ?? '', user, password, `EXPLAIN AST ${sent.toString()}`)
        if (parsed.code !== 0) statements.push(`not parsed: ${parsed.text}`)
        for (const shard of shards.slice(1)) {
          const answer = await ask(shard.url, user, password, withoutReplication(sent.toString()))
          if (answer.code !== 0) statements.push(`failed: ${answer.text}`)
        }
      }
      const answer = await fetch(url, { method: request.method ?? 'POST', headers, body: everywhere ? withoutReplication(sent.toString()) : sent })
      response.writeHead(answer.status, Object.fromEntries([...answer.headers].filter(([name]) => !['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'content-encoding'].includes(name))))
      response.end(Buffer.from(await answer.arrayBuffer()))
    })().catch((error: unknown) => { response.destroy(error instanceof Error ? error : undefined) })
  }).listen(0, loopback)
  await once(proxy, 'listening')
  return {
    connection: { url: `http://${loopback}:${(proxy.address() as AddressInfo).port}`, user, password, cluster: clusterName },
    shards,
    statements,
    async close () {
      proxy.closeAllConnections()
      proxy.close()
      await Promise.all(shards.map(async (shard) => { await shard.close() }))
      await removeDataDir(dataDir)
    }
  }
}
