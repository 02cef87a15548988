import { setTimeout as delay } from 'node:timers/promises'
import { Gauge, type Registry } from 'prom-client'
import { growingAges } from '../runtime/growing-ages.ts'
import type { LogLag, TopicLag } from './log-lag.ts'

const labelNames = ['topic', 'group'] as const

/** A scrape waits at most this long for an unavailable log. */
const deadlineMs = 3_000

/**
 * What the log holds, read at each scrape. `now` is epoch milliseconds, `monotonic` a monotonic clock in milliseconds. While the log does
 * not answer its series are absent:
 * all other metrics stay available.
 */
export function registerLagMetrics (registry: Registry, log: Pick<LogLag, 'lag' | 'backlog' | 'disk'>, now: () => number, monotonic = () => performance.now()): void {
  const ageOf = growingAges(monotonic)
  const registers = [registry]
  const lag = sharedLag(log)
  void new Gauge({
    registers,
    labelNames,
    name: 'loyalty_log_lag_records',
    help: 'Records that a group has still to read',
    async collect () {
      this.reset()
      for (const { topic, group, records } of await lag()) this.set({ topic, group }, records)
    }
  })
  void new Gauge({
    registers,
    labelNames,
    name: 'loyalty_log_oldest_unread_seconds',
    help: 'Time since the arrival of the oldest webhook that a group has still to read, or since it was first seen as the oldest where its time says less; 0 where there is none, absent where only another process knows',
    async collect () {
      this.reset()
      for (const { topic, group, records, oldestTimestamp } of await lag()) {
        if (oldestTimestamp !== undefined) this.set({ topic, group }, ageOf(JSON.stringify([topic, group]), oldestTimestamp, now() - oldestTimestamp) / 1000)
        else if (records === 0) this.set({ topic, group }, 0)
      }
    }
  })
  void new Gauge({
    registers,
    labelNames: ['kind'],
    name: 'loyalty_log_backlog_bytes',
    help: 'Bytes that the log holds, and the limit at which webhooks are refused',
    async collect () {
      const backlog = await log.backlog().catch(() => undefined)
      this.reset()
      if (backlog === undefined) return
      this.set({ kind: 'held' }, backlog.bytes)
      this.set({ kind: 'limit' }, backlog.limit)
    }
  })
  void new Gauge({
    registers,
    labelNames: ['kind'],
    name: 'loyalty_log_disk_bytes',
    help: 'Bytes that are free on the disk of the embedded log, and those below which webhooks are refused',
    async collect () {
      const disk = await log.disk().catch(() => undefined)
      this.reset()
      if (disk === undefined) return
      this.set({ kind: 'free' }, disk.freeBytes)
      this.set({ kind: 'reserve' }, disk.reserveBytes)
    }
  })
}

/** Concurrent scrapes share one request to the log. */
function sharedLag (log: Pick<LogLag, 'lag'>): () => Promise<readonly TopicLag[]> {
  let asked: Promise<readonly TopicLag[]> | undefined
  return async () => {
    asked ??= log.lag().catch(() => []).finally(() => { asked = undefined })
    return await Promise.race([asked, delay(deadlineMs, [], { ref: false })])
  }
}
