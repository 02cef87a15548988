import type { BatchHandler, ConsumeOptions } from '../../log/log-consumer.ts'
import type { LogRecord, LogWriter } from '../../log/log-writer.ts'
import type { Log } from '../../log/log.ts'
import { codecs } from '../../schemas/codecs.ts'
import type { RawWebhook } from '../../schemas/raw-webhooks.ts'

/** One of the log's two writers, in memory. The test is its disk: it may hold appends back, or fail them. */
export interface MemoryWriter extends LogWriter {
  readonly records: readonly LogRecord[]
  /** The appended raw webhooks, decoded. */
  webhooks (): readonly RawWebhook[]
  readonly probes: number
  /** From now on no append or probe resolves until release(). */
  hold (): void
  release (): void
  /** From now on every append and probe rejects with this; undefined ends it. */
  fail (error: Error | undefined): void
  /** Resolves when this many appends have been asked for in all. */
  asked (count: number): Promise<void>
}

export function createMemoryWriter (): MemoryWriter {
  const records: LogRecord[] = []
  let gate: Promise<void> | undefined
  let open: () => void = () => {}
  let failure: Error | undefined
  let appends = 0
  let probes = 0
  let waiting: Array<{ readonly count: number, readonly resolve: () => void }> = []

  async function pass (): Promise<void> {
    await gate
    if (failure !== undefined) throw failure
  }

  return {
    records,
    webhooks: () => records.map(({ value }) => codecs.raw_webhooks.decode(value)),
    get probes () { return probes },
    async append (added) {
      appends++
      waiting = waiting.filter(({ count, resolve }) => {
        if (appends >= count) resolve()
        return appends < count
      })
      await pass()
      records.push(...added)
    },
    async probe () {
      probes++
      await pass()
    },
    hold () {
      gate = new Promise((resolve) => { open = resolve })
    },
    release () {
      gate = undefined
      open()
    },
    fail (error) { failure = error },
    asked: (count) => appends >= count ? Promise.resolve() : new Promise((resolve) => { waiting.push({ count, resolve }) })
  }
}

/** A log in memory: what was appended, and a way to deliver it, or anything else, as a batch. */
export interface MemoryLog {
  readonly log: Log
  readonly intake: MemoryWriter
  readonly internal: MemoryWriter
  /** Hands values of one topic to the handler that consumes it, with offsets from 0; resolves and rejects as the handler does. */
  deliver (topic: string, values: readonly Buffer[], signal?: AbortSignal): Promise<void>
  /** What was closed, in order. */
  readonly closed: readonly string[]
}

export function createMemoryLog (): MemoryLog {
  const handlers = new Map<string, BatchHandler>()
  const closed: string[] = []
  const intake = createMemoryWriter()
  const internal = createMemoryWriter()
  return {
    intake,
    internal,
    closed,
    log: {
      intake,
      internal,
      async consume ({ topics }: ConsumeOptions, handler) {
        for (const topic of topics) handlers.set(topic, handler)
        return { close: async () => { closed.push('subscription') } }
      },
      lag: async () => [{ topic: 't', group: 'g', records: 7, oldestTimestamp: undefined }],
      backlog: async () => ({ bytes: 1, limit: 2 }),
      disk: async () => ({ freeBytes: 3, reserveBytes: 4 }),
      ends: async () => [{ topic: 't', partition: 0, next: 5 }],
      close: async () => { closed.push('log') }
    },
    async deliver (topic, values, signal = new AbortController().signal) {
      const records = values.map((value, offset) => ({ offset, timestamp: 1000 + offset, value }))
      await handlers.get(topic)?.({ topic, partition: 0, records, signal })
    }
  }
}
