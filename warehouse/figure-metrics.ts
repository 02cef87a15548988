import { setTimeout as delay } from 'node:timers/promises'
import { Gauge, type Registry } from 'prom-client'
import { growingAges } from '../runtime/growing-ages.ts'
import type { ClickHouseClient } from './clickhouse-client.ts'
import { selectRows } from './warehouse-tables.ts'

/** A scrape waits at most this long for an unavailable warehouse. */
const deadlineMs = 3_000

/** A refresh that never succeeded has the age of the epoch. */
const ages = "SELECT substring(view, length('refresh_') + 1) AS figures, toString(ifNull(last_success_time, toDateTime(0))) AS success, dateDiff('second', toDateTime(success), now()) AS seconds FROM system.view_refreshes WHERE database = 'landing'"

/**
 * The age of figures (sql/views/90_refresh.sql), queried at each scrape. Nothing else shows a failing refresh, as for lack of memory or
 * of a grant: the server retries it silently. Absent while ClickHouse does not answer.
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
