import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import cliProgress from 'cli-progress'
import { packageRoot } from '../../runtime/package-root.ts'
import { rebuildFigures } from '../../figures/rebuild.ts'
import type { ClickHouseClient } from '../../warehouse/clickhouse-client.ts'
import { clickHouseFigureStatements } from '../../warehouse/clickhouse-figure-statements.ts'
import { clickHouseIdentityStore } from '../../warehouse/clickhouse-identity-store.ts'
import { splitStatements } from '../../warehouse/migrations/sql-statements.ts'

const steps = 20

/** Has the server make the shop of data.sql, with a bar on stderr. `share` of 1 is the whole, smaller ones for a look. */
export async function fillShop (client: ClickHouseClient, share: number): Promise<void> {
  const inserts = splitStatements(readFileSync(join(packageRoot, 'bench/queries/data.sql'), 'utf8'))
  const bar = new cliProgress.SingleBar({ format: 'filling the shop [{bar}] {percentage}%', stream: process.stderr }, cliProgress.Presets.legacy)
  bar.start(inserts.length * steps, 0)
  for (const query of inserts) {
    for (let step = 0; step < steps; step++) {
      const at = (number: number): number => Math.round(1000 * share * number / steps)
      await client.command({ query, query_params: { from: at(step), to: at(step + 1) }, clickhouse_settings: { max_partitions_per_insert_block: '0' } })
      bar.increment()
    }
  }
  bar.stop()
}

/** Works every figure out: the seconds that it took. */
export async function workOutAll (client: ClickHouseClient): Promise<number> {
  const begun = performance.now()
  const bar = new cliProgress.SingleBar({ format: 'working figures out [{bar}] {percentage}%', stream: process.stderr }, cliProgress.Presets.legacy)
  const warehouse = { identities: clickHouseIdentityStore(client), statements: clickHouseFigureStatements(client) }
  const always = { from: '1970-01-01', to: '2149-06-06' }
  await rebuildFigures(warehouse, 'acme', always, { begin: (total) => { bar.start(total, 0) }, done: (count) => { bar.increment(count) } }, new AbortController().signal)
  bar.stop()
  return (performance.now() - begun) / 1000
}
