import { chmod, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readOrCreatePassword } from './password-file.ts'
import { writePrivateFile } from './private-file.ts'
import type { ServerPorts } from './free-ports.ts'
import { serverConfigXml } from './server-config.ts'
import { usersConfigXml } from './users-config.ts'

export interface ServerHomeOptions {
  readonly dataDir: string
  readonly ports: ServerPorts
  readonly maxMemoryBytes: number
  readonly biPassword: string
  readonly crmPassword?: string | undefined
  readonly martsPassword?: string | undefined
}

export interface ServerHome {
  /** ClickHouse's own data. */
  readonly path: string
  readonly configFile: string
  readonly password: string
}

/**
 * `clickhouse local` lets every user call the function `file`, whatever their grants, on every file that the process can
 * read: this password, the webhook secrets, columns hidden from `bi`. A user-defined function of that name,
 * which ClickHouse only accepts from its folder, shadows it for everyone, and fails.
 */
const fileFunction = "CREATE FUNCTION file AS path -> throwIf(materialize(1) = 1, 'the function file is not available')\n"

/** Creates DATA_DIR's folders for the server, owner-only, with configuration and passwords. */
export async function prepareServerHome (options: ServerHomeOptions): Promise<ServerHome> {
  const dataDir = resolve(options.dataDir)
  const path = join(dataDir, 'clickhouse')
  const config = join(path, 'config')
  const userDefined = join(path, 'user_defined')
  for (const folder of [path, config, userDefined, join(path, 'log')]) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await chmod(folder, 0o700)
  }

  const password = await readOrCreatePassword(join(dataDir, 'clickhouse-password'))
  const usersFile = join(config, 'users.xml')
  const configFile = join(config, 'config.xml')
  await writePrivateFile(usersFile, usersConfigXml({ ...options, internalPassword: password }))
  await writePrivateFile(configFile, serverConfigXml({ ...options, usersFile, logFile: join(path, 'log', 'server.log') }))
  await writePrivateFile(join(userDefined, 'function_file.sql'), fileFunction)
  return { path, configFile, password }
}
