import type { BatchHandler, ConsumeOptions } from '../../log/log-consumer.ts'
import type { LogRecord, LogWriter } from '../../log/log-writer.ts'
import type { Log } from '../../log/log.ts'

/** A log in memory: what was appended, and a way to deliver it, or anything else, as a batch. */
export interface MemoryLog {
  readonly log: Log
  readonly intake: readonly LogRecord[]
  readonly internal: readonly LogRecord[]
  /** Hands values of one topic to the handler that consumes it, with offsets from 0; settles as the handler does. */
  deliver (topic: string, values: readonly Buffer[], signal?: AbortSignal): Promise<void>
  readonly calls: readonly string[]
}

export function createMemoryLog (): MemoryLog {
  const handlers = new Map<string, BatchHandler>()
  const calls: string[] = []
  const writer = (to: LogRecord[]): LogWriter => ({
    append: async (records) => { to.push(...records) },
    probe: async () => { calls.push('probe') }
  })
  const intake: LogRecord[] = []
  const internal: LogRecord[] = []
  return {
    intake,
    internal,
    calls,
    log: {
      intake: writer(intake),
      internal: writer(internal),
      async consume ({ topics }: ConsumeOptions, handler) {
        for (const topic of topics) handlers.set(topic, handler)
        return { close: async () => { calls.push('unsubscribe') } }
      },
      lag: async () => [{ topic: 't', group: 'g', records: 7, oldestTimestamp: undefined }],
      backlog: async () => ({ bytes: 1, limit: 2 }),
      disk: async () => ({ freeBytes: 3, reserveBytes: 4 }),
      ends: async () => [{ topic: 't', partition: 0, next: 5 }],
      close: async () => { calls.push('close') }
    },
    async deliver (topic, values, signal = new AbortController().signal) {
      const records = values.map((value, offset) => ({ offset, timestamp: 1000 + offset, value }))
      await handlers.get(topic)?.({ topic, partition: 0, records, signal })
    }
  }
}
