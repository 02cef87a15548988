import type { Command } from 'commander'
import { join } from 'node:path'
import { readConfig } from '../config/config.ts'
import type { Settings } from '../config/settings.ts'

export function registerCheckConfig (program: Command): void {
  program.command('check-config')
    .description('Reads the environment and CONFIG_FILE and reports every problem at once; exit 1 where there is one.')
    .action(() => {
      const { settings, businesses } = readConfig(process.env)
      console.log(`${settings.CONFIG_FILE} and the environment are in order`)
      console.log(`  log        ${describeLog(settings)}`)
      console.log(`  warehouse  ${describeWarehouse(settings)}`)
      for (const business of businesses) {
        console.log(`  ${business.id}: ${business.currency}, ${business.timezone}`)
        for (const { id, secrets, allowIps, hmac, insecure } of business.nector) {
          console.log(`    nector  ${id}: ${describeChecks(secrets.length, 'secret', allowIps.length, insecure)}, HMAC ${hmac.mode}`)
        }
        for (const { id, tokens, allowIps, insecure, identity, timezone } of business.netcore) {
          console.log(`    netcore ${id}: ${describeChecks(tokens.length, 'token', allowIps.length, insecure)}, identity ${identity}, ts in ${timezone}`)
        }
        for (const { name, steps } of business.funnels) console.log(`    funnel  ${name}: ${steps.join(' → ')}`)
      }
    })
}

function describeLog ({ KAFKA_BROKERS, KAFKA_TLS, KAFKA_SASL_MECHANISM, SCHEMA_REGISTRY_URL, DATA_DIR }: Settings): string {
  if (KAFKA_BROKERS === undefined) return `embedded, in ${join(DATA_DIR, 'log')}`
  const parts = [`Kafka at ${KAFKA_BROKERS.join(', ')}`, KAFKA_TLS ? 'TLS' : 'no TLS', KAFKA_SASL_MECHANISM ?? 'no login']
  return [...parts, ...(SCHEMA_REGISTRY_URL === undefined ? [] : ['schema registry'])].join(', ')
}

function describeWarehouse ({ CLICKHOUSE_URL, CLICKHOUSE_CLUSTER, DATA_DIR }: Settings): string {
  if (CLICKHOUSE_URL === undefined) return `embedded, in ${join(DATA_DIR, 'clickhouse')}`
  const { origin } = new URL(CLICKHOUSE_URL)
  return CLICKHOUSE_CLUSTER === undefined ? `ClickHouse at ${origin}` : `ClickHouse at ${origin}, cluster ${CLICKHOUSE_CLUSTER}`
}

function describeChecks (secrets: number, kind: 'secret' | 'token', ranges: number, insecure: boolean): string {
  const checks = [
    ...(secrets > 0 ? [`${secrets} ${kind}${secrets === 1 ? '' : 's'}`] : []),
    ...(ranges > 0 ? [`${ranges} address range${ranges === 1 ? '' : 's'}`] : [])
  ]
  return checks.length > 0 ? checks.join(', ') : insecure ? 'INSECURE, anybody may send' : 'no check'
}
