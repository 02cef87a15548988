import { fastify } from 'fastify'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { openLog } from '../app/open-log.ts'
import { createIngest } from '../ingest/create-ingest.ts'
import { createIngestMetrics } from '../ingest/ingest-metrics.ts'
import { createLogger } from '../runtime/logger.ts'
import { settingsSchema } from '../config/settings.ts'
import { businesses } from './sample-data.ts'

// The server under test, a process of its own that ends with its stdin: `bare` reads the body and answers, `durable` is the ingest on the log
// of the environment.
const kind = process.argv[2]
const folder = mkdtempSync(join(process.argv[3] ?? '.', 'bench-ingest-'))

const port = kind === 'bare' ? await startBare() : await startDurable()
console.log(`port ${port}`)
process.stdin.on('end', () => {
  rmSync(folder, { recursive: true })
  process.exit(0)
}).resume()

async function startBare (): Promise<number> {
  const app = fastify({ logger: false })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => { done(null, body) })
  app.post('/webhooks/nector/:source', async () => ({ status: 'accepted' }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const address = app.server.address()
  return typeof address === 'object' ? address?.port ?? 0 : 0
}

async function startDurable (): Promise<number> {
  const settings = settingsSchema.parse({ ...process.env, HTTP_HOST: '127.0.0.1', HTTP_PORT: 0, DATA_DIR: folder, BACKLOG_LIMIT_BYTES: 50e9 })
  const logger = createLogger('error')
  const registry = new Registry()
  const log = await openLog({ settings, registry, logger, signal: new AbortController().signal, giveUp (error) { throw error } })
  const ingest = createIngest({ config: { settings, trustedProxies: [], businesses }, log: log.intake, logger, metrics: createIngestMetrics(registry) })
  return (await ingest.listen()).port
}
