import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WarehouseConnection } from '../../warehouse/clickhouse-client.ts'
import { loopback, type ServerPorts } from '../../warehouse/embedded/free-ports.ts'
import { locateLibrary } from '../../warehouse/embedded/libchdb.ts'
import { untilReady } from '../../warehouse/embedded/readiness.ts'
import { spawnServer } from '../../warehouse/embedded/server-child.ts'
import { usersConfigXml } from '../../warehouse/embedded/users-config.ts'
import { clickHouseXml, type XmlValue } from '../../warehouse/embedded/xml.ts'
import { passwords } from './server-fixture.ts'

export interface BareServerOptions {
  readonly path: string
  readonly ports: ServerPorts
  /** Added to the server file, such as <remote_servers>. */
  readonly config?: Readonly<Record<string, XmlValue>>
  /** XML put among the users, and among the profiles. */
  readonly users?: string
  readonly profiles?: string
}

export interface BareServer extends WarehouseConnection {
  close (): Promise<void>
}

/** The embedded ClickHouse with a configuration of the test's own. */
export async function startBareServer ({ path, ports, config = {}, users = '', profiles = '' }: BareServerOptions): Promise<BareServer> {
  await mkdir(path, { recursive: true })
  const connection = { url: `http://${loopback}:${ports.http}`, user: 'loyalty', password: 'bare-server-password' }
  const usersFile = join(path, 'users.xml')
  const configFile = join(path, 'config.xml')
  const usersXml = usersConfigXml({ internalPassword: connection.password, biPassword: passwords.bi, maxMemoryBytes: 600_000_000 })
  await writeFile(usersFile, usersXml.replace('</users>', `${users}</users>`).replace('</profiles>', `${profiles}</profiles>`))
  await writeFile(configFile, clickHouseXml({
    listen_host: loopback,
    http_port: ports.http,
    tcp_port: ports.tcp,
    keep_alive_timeout: 30,
    users_config: usersFile,
    logger: { level: 'warning', console: 0, log: join(path, 'server.log') },
    max_server_memory_usage: 1_000_000_000,
    ...config
  }))
  const child = spawnServer({ library: locateLibrary(), path, configFile })
  await untilReady(connection, AbortSignal.timeout(30_000))
  return {
    ...connection,
    async close () {
      child.stop()
      await child.exited
    }
  }
}
