import { Gauge, type Registry } from 'prom-client'
import type { LogLag } from './log-lag.ts'

const labelNames = ['topic', 'group'] as const

/** What the log holds, asked for whenever the metrics are. `now` is epoch milliseconds. */
export function registerLagMetrics (registry: Registry, log: LogLag, now: () => number): void {
  const registers = [registry]
  /** While the log cannot tell, these figures are absent, and all others are still there: an outage is when they are looked at. */
  async function told<T> (ask: Promise<T>): Promise<T | undefined> {
    try {
      return await ask
    } catch {
      return undefined
    }
  }

  void new Gauge({
    registers,
    labelNames,
    name: 'loyalty_log_lag_records',
    help: 'Records that a group has still to read',
    async collect () {
      const lag = await told(log.lag())
      if (lag === undefined) this.reset()
      else for (const { topic, group, records } of lag) this.set({ topic, group }, records)
    }
  })
  void new Gauge({
    registers,
    labelNames,
    name: 'loyalty_log_oldest_unread_seconds',
    help: 'Time since the arrival of the oldest webhook that a group has still to read; 0 where there is none, absent where only another process knows',
    async collect () {
      const lag = await told(log.lag())
      if (lag === undefined) this.reset()
      else {
        for (const { topic, group, records, oldestTimestamp } of lag) {
          if (oldestTimestamp !== undefined) this.set({ topic, group }, Math.max(0, now() - oldestTimestamp) / 1000)
          else if (records === 0) this.set({ topic, group }, 0)
          else this.remove({ topic, group })
        }
      }
    }
  })
  void new Gauge({
    registers,
    labelNames: ['kind'],
    name: 'loyalty_log_backlog_bytes',
    help: 'Bytes that the log holds, and the limit at which webhooks are refused',
    async collect () {
      const backlog = await told(log.backlog())
      if (backlog === undefined) return
      this.set({ kind: 'held' }, backlog.bytes)
      this.set({ kind: 'limit' }, backlog.limit)
    }
  })
}
