import { setTimeout as delay } from 'node:timers/promises'
import { Gauge, type Registry } from 'prom-client'
import { growingAges } from '../runtime/growing-ages.ts'
import type { ClickHouseClient } from './clickhouse-client.ts'
import { selectRows } from './warehouse-tables.ts'

/** A scrape must not wait longer than this for a warehouse that is away. */
const deadlineMs = 3_000

/** A refresh that never succeeded counts from 1970 on. */
const ages = "SELECT substring(view, length('refresh_') + 1) AS figures, toString(ifNull(last_success_time, toDateTime(0))) AS success, dateDiff('second', toDateTime(success), now()) AS seconds FROM system.view_refreshes WHERE database = 'landing'"

/**
 * Since when figures are what they are (sql/views/90_refresh.sql), asked for whenever the metrics are. A refresh that fails, for want of memory or
 * of a right, is seen by nothing else: the server tries it again and again by itself. Absent while ClickHouse does not answer.
 */
export function registerFigureMetrics (registry: Registry, client: ClickHouseClient): void {
  const ageOf = growingAges(() => performance.now())
  void new Gauge({
    registers: [registry],
    labelNames: ['figures'],
    name: 'loyalty_warehouse_figures_age_seconds',
    help: 'Time since figures that are worked out ahead of queries were last brought up to date',
    async collect () {
      const rows = await Promise.race([
        selectRows<{ figures: string, success: string, seconds: number | string }>(client, ages).catch(() => []),
        delay(deadlineMs, [], { ref: false })
      ])
      this.reset()
      for (const { figures, success, seconds } of rows) this.set({ figures }, Math.floor(ageOf(figures, success, 1000 * Number(seconds)) / 1000))
    }
  })
}
