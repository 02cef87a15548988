import { setTimeout as delay } from 'node:timers/promises'
import { Gauge, type Registry } from 'prom-client'
import { growingAges } from '../runtime/growing-ages.ts'
import type { ClickHouseClient } from './clickhouse-client.ts'
import { selectRows } from './warehouse-tables.ts'

/** A scrape waits at most this long for an unavailable warehouse. */
const deadlineMs = 3_000

const waiting = `
  SELECT figure, toFloat64(sum(pending)) AS pending, toString(min(pending_since)) AS since, ifNull(dateDiff('millisecond', min(pending_since), now64(3)), 0) AS age
  FROM analytics.freshness
  GROUP BY figure`

interface Waiting {
  readonly figure: string
  readonly pending: number
  readonly since: string | null
  readonly age: number | string
}

/** How much of the figures is still to be worked out, and since when, queried at each scrape. Absent while ClickHouse does not answer. */
export function registerFigureMetrics (registry: Registry, client: ClickHouseClient): void {
  const ageOf = growingAges(() => performance.now())
  let asked: Promise<readonly Waiting[]> | undefined
  /** Both gauges of a scrape share one query. */
  const ask = async (): Promise<readonly Waiting[]> => {
    asked ??= selectRows<Waiting>(client, waiting).catch(() => []).finally(() => { asked = undefined })
    return await Promise.race([asked, delay(deadlineMs, [], { ref: false })])
  }
  const registers = [registry]
  void new Gauge({
    registers,
    labelNames: ['figure'],
    name: 'loyalty_figures_pending',
    help: 'Days, members, records and identifiers whose figures are still to be worked out',
    async collect () {
      const rows = await ask()
      this.reset()
      for (const { figure, pending } of rows) this.set({ figure }, pending)
    }
  })
  void new Gauge({
    registers,
    labelNames: ['figure'],
    name: 'loyalty_figures_age_seconds',
    help: 'Time since the oldest change was loaded that a figure has still to show; 0 where it is complete',
    async collect () {
      const rows = await ask()
      this.reset()
      for (const { figure, since, age } of rows) this.set({ figure }, since === null ? 0 : ageOf(figure, since, Number(age)) / 1000)
    }
  })
}
