import { randomUUID } from 'node:crypto'
import type { BatchHandler, ConsumedRecord, ConsumeOptions } from '../../log/log-consumer.ts'
import type { LogRecord } from '../../log/log-writer.ts'
import type { Log } from '../../log/log.ts'

export function uniqueName (of: string): string {
  return `${of}-${randomUUID().slice(0, 8)}`
}

/** One key, so that a log with several partitions keeps the order too. */
export function record (topic: string, text: string): LogRecord {
  return { topic, key: 'k', timestamp: Date.now(), value: Buffer.from(text) }
}

export function textOf (consumed: ConsumedRecord): string {
  return consumed.value.toString()
}

export function consumeOptions (group: string, topics: readonly string[]): ConsumeOptions {
  return { group, topics, maxRecords: 1000, maxBytes: 10_000_000, maxWaitMs: 10, onError: () => {} }
}

export interface Collected {
  /** The records whose handlers resolved, once there are that many. */
  until (count: number): Promise<readonly ConsumedRecord[]>
  /** How many there are now. */
  count (): number
  close (): Promise<void>
}

/** Consumes into memory. The handler, where there is one, decides what is acknowledged. */
export function collect (log: Log, group: string, topics: readonly string[], options: Partial<ConsumeOptions> = {}, handler?: BatchHandler): Collected {
  const records: ConsumedRecord[] = []
  let notify = () => {}
  const subscription = log.consume({ ...consumeOptions(group, topics), ...options }, async batch => {
    await handler?.(batch)
    records.push(...batch.records)
    notify()
  })
  return {
    async until (count) {
      await subscription
      while (records.length < count) await new Promise<void>(resolve => { notify = resolve })
      return records.slice()
    },
    count: () => records.length,
    async close () {
      await (await subscription).close()
    }
  }
}

export interface Gate {
  readonly opened: Promise<void>
  open (): void
}

export function gate (): Gate {
  let open = () => {}
  const opened = new Promise<void>(resolve => { open = resolve })
  return { opened, open: () => { open() } }
}
