import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Settings } from '../config/settings.ts'
import { localUrl } from '../runtime/local-url.ts'
import { writePrivateFile } from '../warehouse/embedded/private-file.ts'
import type { Role } from './roles.ts'
import type { RunningPipeline } from './run-pipeline.ts'

/** READY_FILE, for scripts: the addresses of a running pipeline. */
export interface ReadyFile {
  readonly pid: number
  readonly roles: readonly Role[]
  /** Where vendors' webhooks go, without path; null if role ingest runs elsewhere. */
  readonly webhooks: string | null
  /** `/metrics`, `/livez`, `/readyz` and the dashboard. */
  readonly admin: string
  /** Null without the roles load and dashboard. `tcpPort` is known for the embedded server only. */
  readonly clickHouse: { readonly url: string, readonly tcpPort: number | null } | null
}

/** Removes the file of an earlier process that was killed. */
export async function removeReadyFile ({ READY_FILE }: Settings): Promise<void> {
  if (READY_FILE !== undefined) await rm(resolve(READY_FILE), { force: true })
}

/** Written whole, once everything runs. */
export async function writeReadyFile ({ READY_FILE, HTTP_HOST }: Settings, { ingestPort, adminUrl, warehouse }: RunningPipeline, roles: ReadonlySet<Role>): Promise<void> {
  if (READY_FILE === undefined) return
  const content: ReadyFile = {
    pid: process.pid,
    roles: [...roles],
    webhooks: ingestPort === undefined ? null : localUrl(HTTP_HOST, ingestPort),
    admin: adminUrl,
    clickHouse: warehouse === undefined ? null : { url: warehouse.url, tcpPort: warehouse.tcpPort ?? null }
  }
  await writePrivateFile(resolve(READY_FILE), `${JSON.stringify(content)}\n`)
}
