import { join, resolve } from 'node:path'
import type { Config } from '../config/config.ts'
import { localUrl } from '../runtime/local-url.ts'
import { settingsSchema, type Settings } from '../config/settings.ts'
import type { RunningPipeline } from './run-pipeline.ts'
import { biPasswordFile } from './open-warehouse.ts'

/** Printed after a start: webhook URLs, secrets, and how to query. */
export function banner (config: Config, { ingestPort, warehouse, adminUrl, dashboard }: RunningPipeline, firstConfig: boolean): string {
  const { settings } = config
  const lines: string[] = ['', 'loyalty-warehouse is ready', '']
  if (ingestPort !== undefined) {
    const address = localUrl(settings.HTTP_HOST, ingestPort)
    for (const business of config.businesses) {
      for (const { id, secrets } of business.nector) {
        lines.push(`  Nector webhook    ${address}/webhooks/nector/${id}`)
        // Secrets are shown once, when generated; later they are in the file.
        if (firstConfig) lines.push(`         secret     ${secrets.join(', ')}`)
      }
      for (const { id, tokens } of business.netcore) {
        lines.push(`  Netcore webhook   ${address}/webhooks/netcore/${id}${firstConfig && tokens[0] !== undefined ? `?token=${tokens[0]}` : tokens.length > 0 ? '?token=…' : ''}`)
      }
    }
    lines.push(`                    ${firstConfig ? 'written to' : 'secrets are in'} ${settings.CONFIG_FILE}`, '')
  }
  if (warehouse !== undefined) {
    lines.push(`  ClickHouse        ${warehouse.url}${warehouse.tcpPort === undefined ? '' : `  (native protocol on port ${warehouse.tcpPort})`}`)
    if (warehouse.kind === 'embedded') {
      lines.push(
        `                    read-only user bi, password in ${settings.BI_PASSWORD === undefined ? join(settings.DATA_DIR, biPasswordFile) : 'BI_PASSWORD'}`,
        `                    query it in the browser: ${warehouse.url}/play`
      )
    }
    lines.push('')
  }
  if (settings.KAFKA_BROKERS !== undefined) lines.push(`  Kafka             ${settings.KAFKA_BROKERS.join(', ')}`)
  if (dashboard) {
    lines.push(`  Dashboard         ${adminUrl}/${settings.ADMIN_PASSWORD === undefined ? '' : '  (password in ADMIN_PASSWORD)'}`)
    if (warehouse?.kind === 'remote' && settings.BI_PASSWORD === undefined) lines.push('                    shows nothing yet: it needs the user bi, set BI_PASSWORD')
  }
  lines.push(`  Metrics           ${adminUrl}/metrics`)
  if (settings.KAFKA_BROKERS === undefined || warehouse?.kind === 'embedded') lines.push(`  Data              ${resolve(settings.DATA_DIR)}`)
  lines.push('')
  if (ingestPort !== undefined) lines.push(`  Something to look at: ${simulateCommand(settings, ingestPort)}`, '')
  return lines.join('\n')
}

/** The command that sends webhooks to this process from another terminal, in the same folder. */
function simulateCommand ({ CONFIG_FILE, HTTP_HOST }: Settings, ingestPort: number): string {
  const defaults = settingsSchema.parse({})
  const environment = CONFIG_FILE === defaults.CONFIG_FILE ? '' : `CONFIG_FILE=${CONFIG_FILE} `
  const options = ingestPort === defaults.HTTP_PORT ? '' : ` -- --url ${localUrl(HTTP_HOST, ingestPort)}`
  return `${environment}npm run simulate${options}`
}
