import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Logger } from 'pino'
import { startEmbeddedServer } from '../../warehouse/embedded/embedded-server.ts'
import type { EmbeddedServer, EmbeddedServerOptions } from '../../warehouse/embedded/embedded-server.ts'

export const passwords = { bi: 'bi <&> "secret" \'1\'', crm: 'crm-secret', marts: 'marts-secret' } as const
export const silent: Logger = pino({ level: 'silent' })

export async function newDataDir (): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'warehouse & test-'))
}

export async function removeDataDir (path: string): Promise<void> {
  await rm(path, { recursive: true, force: true })
}

export async function startTestServer (options: Partial<EmbeddedServerOptions> & { readonly dataDir: string }): Promise<EmbeddedServer> {
  return await startEmbeddedServer({ httpPort: 0, tcpPort: 0, maxMemoryBytes: 1_000_000_000, biPassword: passwords.bi, logger: silent, ...options })
}

export interface Answer {
  readonly status: number
  /** ClickHouse's error code; 0 where there was none. */
  readonly code: number
  readonly text: string
}

/** One query over plain HTTP, as any tool would send it. */
export async function ask (url: string, user: string, password: string, query: string, settings: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const response = await fetch(`${url}/?${new URLSearchParams(settings).toString()}`, {
    method: 'POST',
    // The server waits for idle connections when it stops.
    headers: { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password, connection: 'close' },
    body: query
  })
  const text = (await response.text()).trimEnd()
  return { status: response.status, code: Number(response.headers.get('x-clickhouse-exception-code') ?? 0), text }
}
