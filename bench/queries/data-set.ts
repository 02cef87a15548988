import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { join } from 'node:path'
import cliProgress from 'cli-progress'
import { packageRoot } from '../../runtime/package-root.ts'
import type { ClickHouseClient } from '../../warehouse/clickhouse-client.ts'
import { splitStatements } from '../../warehouse/migrations/sql-statements.ts'
import { selectRows } from '../../warehouse/warehouse-tables.ts'

const steps = 20

/** Has the server make the shop of data.sql, with a bar on stderr. `share` of 1 is the whole, smaller ones for a look. */
export async function fillShop (client: ClickHouseClient, share: number): Promise<void> {
  const inserts = splitStatements(readFileSync(join(packageRoot, 'bench/queries/data.sql'), 'utf8'))
  const bar = new cliProgress.SingleBar({ format: 'filling the shop [{bar}] {percentage}%', stream: process.stderr }, cliProgress.Presets.legacy)
  bar.start(inserts.length * steps, 0)
  // a year comes at once, as it never does: figures are worked out when it is there
  await client.command({ query: 'SYSTEM STOP VIEWS' })
  for (const query of inserts) {
    for (let step = 0; step < steps; step++) {
      const at = (number: number): number => Math.round(1000 * share * number / steps)
      await client.command({ query, query_params: { from: at(step), to: at(step + 1) }, clickhouse_settings: { max_partitions_per_insert_block: '0' } })
      bar.increment()
    }
  }
  bar.stop()
  await client.command({ query: 'SYSTEM START VIEWS' })
}

const behind = `
  SELECT toUInt32(
    (SELECT uniqExact(lead_id) FROM landing.changed_leads WHERE lead_id NOT IN (SELECT lead_id FROM landing.coin_leads))
    + (SELECT uniqExact(record_key) FROM landing.changed_referrals WHERE record_key NOT IN (SELECT record_key FROM landing.referral_figures))
    + (SELECT uniqExact(day) FROM landing.changed_days WHERE facts = 'activities') - (SELECT uniqExact(day) - 3 FROM landing.funnel_days)
    + (SELECT uniqExact(day) FROM landing.changed_days WHERE facts = 'coins') - (SELECT uniqExact(day) - 2 FROM landing.coin_days)) AS count`

/** Resolves when every figure was worked out once, and the server has come to rest: the seconds that it took. */
export async function untilWorkedOut (client: ClickHouseClient): Promise<number> {
  const begun = performance.now()
  for (let quiet = 0; quiet < 3;) {
    await delay(5_000)
    const [row] = await selectRows<{ count: number }>(client, behind)
    quiet = row?.count === 0 ? quiet + 1 : 0
  }
  return (performance.now() - begun) / 1000
}
